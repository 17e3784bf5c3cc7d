/// One request. Its `url` may hold a secret (Zammad's token is part of the path): log `HTTPOrigin.redacted(url)`
/// instead.
package struct HTTPRequest: Sendable {
    package var method: HTTPMethod
    /// Absolute, `http` or `https`, without user name and password.
    package var url: String
    package var headers: HTTPHeaders
    /// `nil` for none; GET and HEAD cannot have one.
    package var body: [UInt8]?
    /// From the start of the request to the last byte of the answer, connecting included.
    package var timeout: Duration

    package init(
        method: HTTPMethod = .get,
        url: String,
        headers: HTTPHeaders = [:],
        body: [UInt8]? = nil,
        timeout: Duration = .seconds(5)
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.timeout = timeout
    }

    /// Refuses what one client would send, another would rewrite and a third would trap on, and gives the place to
    /// which the request goes. Every transport calls this before it touches the network.
    func checkedOrigin() throws(HTTPFailure) -> HTTPOrigin {
        guard let origin = HTTPOrigin(url) else {
            throw HTTPFailure(
                .invalidURL,
                requestMayHaveBeenSent: false,
                detail: "the URL is not of the form http(s)://host[:port]/path"
            )
        }
        if let field = headers.fields.first(where: { !$0.isWellFormed }) {
            throw HTTPFailure(
                .other,
                requestMayHaveBeenSent: false,
                detail: "header \(field.name.debugDescription) has characters that HTTP does not allow"
            )
        }
        if body != nil, method == .get || method == .head {
            throw HTTPFailure(
                .other,
                requestMayHaveBeenSent: false,
                detail: "a \(method.rawValue) request to \(origin) was given a body"
            )
        }
        return origin
    }
}

/// The methods which the bridge's interfaces use.
package enum HTTPMethod: String, Sendable, CaseIterable {
    case get = "GET"
    case head = "HEAD"
    case post = "POST"
    case put = "PUT"
}

extension HTTPHeader {
    /// A name of token characters and a value without control characters (RFC 9110, 5.1 and 5.5), so that nothing in a
    /// value can begin a header of its own.
    fileprivate var isWellFormed: Bool {
        !name.isEmpty && name.utf8.allSatisfy(\.isHTTPTokenCharacter)
            && value.utf8.allSatisfy { $0 == UInt8(ascii: "\t") || ($0 >= 0x20 && $0 != 0x7F) }
    }
}

extension UInt8 {
    /// `tchar` of RFC 9110, 5.6.2.
    var isHTTPTokenCharacter: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default:
            "!#$%&'*+-.^_`|~".utf8.contains(self)
        }
    }
}
