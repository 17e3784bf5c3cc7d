package import Domain

/// The clock of a server, by the header `Date` of its answers (RFC 9110, 6.6.1): `Tue, 15 Nov 1994 08:12:31 GMT`.
package struct ServerDate: Equatable, Sendable {
    package let instant: Instant

    package init?(_ response: HTTPResponse) {
        guard let text = response.headers.first("Date") else { return nil }
        self.init(text)
    }

    package init?(_ text: String) {
        let words = text.split(separator: " ")
        guard words.count == 6, words[5] == "GMT", words[1].count == 2, words[3].count == 4,
            let month = Self.months.firstIndex(of: String(words[2]))
        else { return nil }
        let number = month + 1
        let date = "\(words[3])-\(number < 10 ? "0" : "")\(number)-\(words[1])T\(words[4])Z"
        guard let instant = TimeText.instant(date) else { return nil }
        self.instant = instant
    }

    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
}
