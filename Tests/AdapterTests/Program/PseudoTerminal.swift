import Foundation

#if canImport(Glibc)
    import Glibc
#endif

/// A terminal of the system's own, without a screen.
struct PseudoTerminal: Sendable {
    struct Missing: Error {}

    private let main: Int32
    let path: String
    /// Keeps what was written readable after the writer's end.
    private let other: Int32

    /// By Linux's own way: Swift does not import that of POSIX.
    init() throws {
        main = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        var (lock, number): (Int32, UInt32) = (0, 0)
        let (unlock, askForNumber): (UInt, UInt) = (0x4004_5431, 0x8004_5430)
        guard main >= 0, ioctl(main, unlock, &lock) == 0, ioctl(main, askForNumber, &number) == 0 else {
            throw Missing()
        }
        path = "/dev/pts/\(number)"
        other = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC)
    }

    /// Whether it shows what is typed.
    var echoes: Bool {
        var settings = termios()
        return tcgetattr(other, &settings) == 0 && settings.c_lflag & tcflag_t(ECHO) != 0
    }

    func type(_ text: String) {
        let bytes = Array(text.utf8)
        _ = write(main, bytes, bytes.count)
    }

    /// Hands over what is written to it, by a thread of its own, until it is closed.
    func read(_ receive: @escaping @Sendable ([UInt8]) -> Void) {
        Thread.detachNewThread { [main] in
            var buffer = [UInt8](repeating: 0, count: 65_536)
            while case let count = Glibc.read(main, &buffer, buffer.count), count > 0 {
                receive(Array(buffer[..<count]))
            }
            receive([])
            close(main)
        }
    }

    /// Nobody writes to it any more.
    func finish() { close(other) }

    /// All that was written to it, which must be little: nobody reads meanwhile.
    func end() -> String {
        close(other)
        var result: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while case let count = Glibc.read(main, &buffer, buffer.count), count > 0 { result += buffer[..<count] }
        close(main)
        return String(decoding: result, as: UTF8.self)
    }
}
