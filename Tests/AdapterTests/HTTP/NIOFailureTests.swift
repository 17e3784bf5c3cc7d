import Foundation
import NIOCore
import NIOSSL
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

    @Test("those of BoringSSL are named, without the places in its sources")
    func boringSSL() throws {
        let origin = try #require(HTTPOrigin("https://pbx.example.net"))
        let error = try #require(throws: BoringSSLError.self) {
            try NIOSSLPKCS12Bundle(buffer: [0x30, 0x00], passphrase: "none".utf8)
        }
        for error: any Error in [error, NIOSSLError.handshakeFailed(error), NIOSSLError.shutdownFailed(error)] {
            let failure = NIOFailure.failure(for: error, origin: origin, requestStarted: true)
            #expect(failure.detail.hasSuffix(": BAD_PKCS12_DATA"), "\(failure.detail)")
        }
        let closed = BoringSSLError.sslError([.eofDuringHandshake])
        let failure = NIOFailure.failure(
            for: NIOSSLError.handshakeFailed(closed), origin: origin, requestStarted: false)
        #expect(failure.detail.hasSuffix(": EOF during handshake"), "\(failure.detail)")
    }
}
