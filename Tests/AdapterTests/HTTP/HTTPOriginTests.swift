import Testing

@testable import Wire

@Suite("A URL")
struct HTTPOriginTests {
    @Test(
        "is shown without anything that could be secret",
        arguments: [
            ("https://zammad.example.com/api/v1/cti/SECRET", "https://zammad.example.com/…"),
            ("https://zammad.example.com", "https://zammad.example.com"),
            ("HTTP://Host:8080/?token=SECRET", "http://host:8080/…"),
            ("https://user:SECRET@host/", "https://host/…"),
            ("https://user:SEC@RET@host?x", "https://host/…"),
            ("https://[2001:DB8::1]:5001/SECRET#x", "https://[2001:db8::1]:5001/…"),
            ("SECRET", "(unreadable URL)"), ("https://SECRET host/", "(unreadable URL)"),
            ("ftp://host/SECRET", "(unreadable URL)"), ("https://host:SECRET/", "(unreadable URL)"),
            ("https://[SECRET/", "(unreadable URL)"), ("", "(unreadable URL)"), ("https:///SECRET", "(unreadable URL)"),
        ]
    )
    func redaction(_ url: String, _ shown: String) {
        #expect(HTTPOrigin.redacted(url) == shown)
    }

    @Test(
        "is split into where to connect and what to ask for",
        arguments: [
            ("https://h/a/b?c=d#e", "h", 443, "/a/b?c=d"), ("http://h", "h", 80, "/"), ("http://h:1?x", "h", 1, "/?x"),
            ("http://[::1]:8080/x", "::1", 8080, "/x"),
        ]
    )
    func parts(_ url: String, _ host: String, _ port: Int, _ target: String) throws {
        let origin = try #require(HTTPOrigin(url))
        #expect(origin.host == host)
        #expect(origin.effectivePort == port)
        #expect(HTTPOrigin.target(of: url) == target)
    }
}
