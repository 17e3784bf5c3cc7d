import FlyingFox
import FoundationEssentials

extension HTTPResponse {
    init(_ reply: LoopbackReply) {
        var headers = HTTPHeaders()
        if let contentType = reply.contentType { headers[.contentType] = contentType }
        if !reply.cookies.isEmpty { headers.setValues(reply.cookies, for: .setCookie) }
        for (name, value) in reply.headers { headers[HTTPHeader(name)] = value }
        self.init(
            statusCode: HTTPStatusCode(reply.status, phrase: "Status"),
            headers: headers,
            body: Data(reply.body.utf8)
        )
    }
}
