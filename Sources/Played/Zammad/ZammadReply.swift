/// Zammad's answer to a CTI request.
package struct ZammadReply: Equatable, Sendable {
    package let status: Int
    package let contentType: String?
    package let body: String
    /// What a JSON body says: `error`, and `action` with the field that belongs to it.
    package var errorText: String?
    package var action: String?
    package var actionDetail: String?

    package init(status: Int, contentType: String?, body: String) {
        self.status = status
        self.contentType = contentType
        self.body = body
    }

    package static func json(_ status: Int, _ body: String) -> ZammadReply {
        ZammadReply(status: status, contentType: "application/json; charset=utf-8", body: body)
    }

    /// What the body says is in the body.
    package static func == (left: ZammadReply, right: ZammadReply) -> Bool {
        (left.status, left.contentType, left.body) == (right.status, right.contentType, right.body)
    }
}
