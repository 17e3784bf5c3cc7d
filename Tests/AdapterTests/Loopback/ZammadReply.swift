/// Zammad's answer to a CTI request.
struct ZammadReply: Equatable, Sendable {
    static let disabledBody = #"{"error":"Feature is disabled, please contact your administrator!"}"#
    static let knownBody =
        #"{"error":"This object already exists.","error_human":"This object already exists."}"#

    let status: Int
    let contentType: String?
    let body: String

    static func json(_ status: Int, _ body: String) -> ZammadReply {
        ZammadReply(status: status, contentType: "application/json; charset=utf-8", body: body)
    }

    static let accepted = json(200, "{}")
}
