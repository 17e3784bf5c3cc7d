import Foundation
import NIOCore
import Testing

@testable import Wire

@Suite("The errors of SwiftNIO")
struct NIOFailureTests {
    @Test("that no file can be opened any more is said as such", arguments: [EMFILE, ENFILE])
    func descriptors(_ code: CInt) throws {
        let origin = try #require(HTTPOrigin("https://pbx.example.net"))
        let failure = NIOFailure.failure(
            for: IOError(errnoCode: code, reason: "socket"), origin: origin, requestStarted: true)
        #expect(failure.kind == .noDescriptors)
        #expect(!failure.requestMayHaveBeenSent)
        #expect(failure.description.contains("may open no more files"))
        #expect(failure.description.contains("LimitNOFILE"))
        let socket = WebSocketFailure(connecting: IOError(errnoCode: code, reason: "socket"), origin: origin)
        #expect(socket.kind == .unreachable && socket.remedy == failure.remedy)
    }
}
