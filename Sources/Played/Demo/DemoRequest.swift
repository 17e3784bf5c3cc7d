/// A request to one of the demo's servers, as far as they look at it.
struct DemoRequest: Equatable, Sendable {
    var method: String
    /// With its query.
    var target: String
    var accept: String?
    var body: [UInt8]

    var path: String { String(target.prefix { $0 != "?" }) }
}
