import Foundation
import Testing

/// The output of `outbox list --json`, as docs/outbox.md describes it.
struct OutboxDocument: Decodable {
    struct Event: Decodable {
        let id: Int
        let state: String
        let call: String
        let event: String
        let direction: String
        let number: String
        let happenedAt: Date
        let since: Date
        let attempts: Int
        let reason: String?
    }

    struct Account: Decodable, Equatable {
        let seen: Int
        let delivered: Int
        let pending: Int
        let deadLetters: Int
        let unconfirmed: Int
        let dropped: [String: Int]
        let isClosed: Bool
    }

    struct Request: Decodable, Equatable {
        let action: String
        let id: Int
    }

    let isBridgeRunning: Bool
    let events: [Event]
    let account: Account
    let requests: [Request]

    init(_ output: ProgramOutput) throws {
        #expect(output.exit == .code(0))
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .iso8601
        self = try decoder.decode(OutboxDocument.self, from: Data(output.data.utf8))
    }

    func ids(_ state: String) -> [Int] {
        events.filter { $0.state == state }.map(\.id)
    }
}
