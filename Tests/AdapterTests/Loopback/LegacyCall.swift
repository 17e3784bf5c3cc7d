import Adapters

/// A row of `/api/activeCalls`.
struct LegacyCall: Equatable, Sendable {
    var id: Int64
    var caller: String
    var callee: String
    var status: String
    var lastChangeStatus: String? = "2026-02-03T09:15:00.9120034+00:00"
    var establishedAt: String?

    var json: LoopbackJSON {
        [
            "Id": .integer(id), "Caller": .string(caller), "Callee": .string(callee), "Status": .string(status),
            "LastChangeStatus": lastChangeStatus.map(LoopbackJSON.string) ?? .null,
            "EstablishedAt": establishedAt.map(LoopbackJSON.string) ?? .null,
        ]
    }
}
