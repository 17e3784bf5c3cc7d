import HTTPTypes
import Hummingbird
import NIOCore
import Wire

/// The answers of the status server: their headers are the same for all.
enum StatusResponses {
    /// The most that a page may do: this server's own style and script, and talk to this server.
    private static let contentPolicy =
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src data:; connect-src 'self'; "
        + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

    static func page(_ html: String, status: HTTPTypes.HTTPResponse.Status = .ok) -> Response {
        var response = text(html, type: "text/html; charset=utf-8", status: status)
        response.headers[contentSecurityPolicy] = contentPolicy
        return response
    }

    static func json(_ json: String, status: HTTPTypes.HTTPResponse.Status = .ok) -> Response {
        text(json + "\n", type: "application/json; charset=utf-8", status: status)
    }

    static func problem(_ status: HTTPTypes.HTTPResponse.Status, _ what: String) throws -> Response {
        json(try StatusReader.json(["error": what]), status: status)
    }

    static func text(
        _ text: String, type: String, status: HTTPTypes.HTTPResponse.Status = .ok
    ) -> Response {
        Response(status: status, headers: headers(type), body: .init(byteBuffer: ByteBuffer(string: text)))
    }

    /// For an answer that goes on.
    static func headers(_ type: String) -> HTTPFields {
        var headers = HTTPFields()
        headers[.contentType] = type
        headers[.cacheControl] = "no-store"
        headers[contentSecurityPolicy] = "default-src 'none'; frame-ancestors 'none'"
        headers[.xContentTypeOptions] = "nosniff"
        headers[referrerPolicy] = "no-referrer"
        headers[openerPolicy] = "same-origin"
        headers[resourcePolicy] = "same-origin"
        return headers
    }

    private static let contentSecurityPolicy = name("Content-Security-Policy")
    private static let referrerPolicy = name("Referrer-Policy")
    private static let openerPolicy = name("Cross-Origin-Opener-Policy")
    private static let resourcePolicy = name("Cross-Origin-Resource-Policy")

    private static func name(_ text: String) -> HTTPField.Name {
        HTTPField.Name(text) ?? .contentType
    }
}
