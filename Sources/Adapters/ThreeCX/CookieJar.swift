/// The cookies of one session with one host, whatever their names are.
struct CookieJar: Sendable {
    /// More than any session has; a server that names every cookie anew must not make the header grow for ever.
    private static let most = 50

    private var cookies: [(name: String, value: String)] = []

    var isEmpty: Bool { cookies.isEmpty }

    /// For the `Cookie` header.
    var header: String { cookies.map { "\($0.name)=\($0.value)" }.joined(separator: "; ") }

    /// Takes the values of `Set-Cookie` headers; one with an empty value or `Max-Age=0` is a deletion.
    mutating func store(_ setCookies: [String]) {
        for text in setCookies.prefix(Self.most) {
            let attributes = text.split(separator: ";", omittingEmptySubsequences: false)
            guard let pair = attributes.first, let equals = pair.firstIndex(of: "=") else { continue }
            let name = String(pair[..<equals].filter { $0 != " " })
            let value = String(pair[pair.index(after: equals)...])
            guard !name.isEmpty, value.utf8.count <= 8192 else { continue }
            cookies.removeAll { $0.name == name }
            let isDeletion =
                value.isEmpty || attributes.dropFirst().contains { $0.filter { $0 != " " }.lowercased() == "max-age=0" }
            if !isDeletion { cookies.append((name, value)) }
            if cookies.count > Self.most { cookies.removeFirst() }
        }
    }
}
