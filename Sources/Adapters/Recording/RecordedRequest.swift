import Wire

/// What of a request a recording keeps.
enum RecordedRequest: Equatable, Sendable {
    /// The key of its answer: method, path, query and body.
    case question(String)
    /// A login: its answer holds a secret, and is kept in words only.
    case login(PhoneSystemLogin)
    /// The question which version it is: it goes to the path of a login, without credentials.
    case nothing

    init(_ request: HTTPRequest) {
        let target = HTTPOrigin.target(of: request.url)
        let key = "\(request.method.rawValue) \(target)"
        let path = target.prefix { $0 != "?" }
        if request.method == .post, let login = PhoneSystemLogin.allCases.first(where: { $0.path == path }) {
            let isProbe = request.body.map { String(decoding: $0, as: UTF8.self).hasPrefix("client_id=&") } ?? false
            self = isProbe ? .nothing : .login(login)
        } else {
            self = .question(FixtureJSON.canonical(request.body).map { "\(key) \($0)" } ?? key)
        }
    }
}
