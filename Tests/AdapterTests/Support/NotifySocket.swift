import Foundation
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The service manager's end of `NOTIFY_SOCKET`.
final class NotifySocket: Sendable {
    struct Failure: Error {
        let what: String
        let code: Int32
    }

    /// The lines of all datagrams, in order.
    let lines = ObservedValue<[String]>([])
    let address: String
    private let descriptor: Int32
    private let isOver = Atomic(false)

    /// Listens until `body` ends.
    ///
    /// - Parameter address: A path, or `@` and a name.
    static func with<Result>(_ address: String, _ body: (NotifySocket) async throws -> Result) async throws -> Result {
        let socket = try NotifySocket(address)
        let (datagrams, continuation) = AsyncStream<[UInt8]>.makeStream()
        Thread.detachNewThread {
            socket.receive { continuation.yield($0) }
            continuation.finish()
        }
        let keeping = Task {
            for await datagram in datagrams {
                let lines = String(decoding: datagram, as: UTF8.self).split(separator: "\n").map(String.init)
                await socket.lines.update { $0 += lines }
            }
        }
        let result: Swift.Result<Result, any Error>
        do { result = .success(try await body(socket)) } catch { result = .failure(error) }
        socket.isOver.store(true, ordering: .relaxed)
        await keeping.value
        return try result.get()
    }

    private init(_ address: String) throws {
        self.address = address
        #if canImport(Glibc)
            descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        #else
            descriptor = socket(AF_UNIX, SOCK_DGRAM, 0)
        #endif
        guard descriptor >= 0 else { throw Failure(what: "socket", code: errno) }
        var bytes = Array(address.utf8)
        if bytes.first == UInt8(ascii: "@") { bytes[0] = 0 } else { bytes.append(0) }
        var name = sockaddr_un()
        name.sun_family = sa_family_t(AF_UNIX)
        guard bytes.count <= MemoryLayout.size(ofValue: name.sun_path) else {
            throw Failure(what: "a path that is too long", code: ENAMETOOLONG)
        }
        withUnsafeMutableBytes(of: &name.sun_path) { $0.copyBytes(from: bytes) }
        let length = socklen_t((MemoryLayout<sockaddr_un>.offset(of: \.sun_path) ?? 2) + bytes.count)
        let bound = withUnsafePointer(to: name) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) }
        }
        guard bound == 0 else { throw Failure(what: "bind", code: errno) }
        // So that the thread looks now and then whether it is over.
        var pause = timeval(tv_sec: 0, tv_usec: 50_000)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &pause, socklen_t(MemoryLayout<timeval>.size))
    }

    private func receive(_ take: ([UInt8]) -> Void) {
        var buffer = [UInt8](repeating: 0, count: 4096)
        while !isOver.load(ordering: .relaxed) {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            if count > 0 { take(Array(buffer[..<count])) }
        }
        close(descriptor)
    }

    /// All lines so far, as soon as they meet the condition.
    @discardableResult
    func wait(
        for awaited: String, within limit: Duration = .seconds(60),
        until condition: @escaping @Sendable ([String]) -> Bool
    ) async throws -> [String] {
        try await lines.wait(for: awaited, within: limit, until: condition)
    }

    @discardableResult
    func wait(for line: String) async throws -> [String] {
        try await wait(for: line) { $0.contains(line) }
    }
}
