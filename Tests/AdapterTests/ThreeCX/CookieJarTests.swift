import Ports
import Testing

@testable import Adapters

@Suite("Small parts of the 3CX adapters")
struct CookieJarTests {
    @Test(
        "the cookie jar keeps what is set, whatever it is called, and drops what is deleted",
        arguments: [
            ([], ""), (["a=1"], "a=1"), (["a=1; Path=/; Secure; HttpOnly", "b=2"], "a=1; b=2"),
            ([".AspNetCore.CookiesA=CfDJ8+/==; samesite=lax"], ".AspNetCore.CookiesA=CfDJ8+/=="),
            (["a=1", "a=2"], "a=2"), (["a=1", "b=2", "a=3"], "b=2; a=3"), (["A=1", "a=2"], "A=1; a=2"),
            (["a=1", "a=; expires=Thu, 01 Jan 1970 00:00:00 GMT"], ""), (["a=1", "a=x; Max-Age=0"], ""),
            (["a=1", "a=x; max-age = 0"], ""), (["a=1; Max-Age=3600"], "a=1"), (["a=b=c"], "a=b=c"),
            ([" a = 1"], "a= 1"), (["", "x", ";", "=1", "; Path=/"], ""), ([#"a="q""#], #"a="q""#),
            (["a=" + String(repeating: "x", count: 8193)], ""),
        ] as [([String], String)]
    )
    func cookies(_ set: [String], _ header: String) {
        var jar = CookieJar()
        jar.store(set)
        #expect(jar.header == header)
        #expect(jar.isEmpty == header.isEmpty)
        var oneByOne = CookieJar()
        for text in set { oneByOne.store([text]) }
        #expect(oneByOne.header == jar.header)
    }

    @Test("the cookie jar holds the last 50, however many a server invents")
    func manyCookies() {
        var jar = CookieJar()
        for number in 0..<1000 { jar.store(["c\(number)=1"]) }
        #expect(jar.header.split(separator: "; ").count == 50)
        #expect(jar.header.hasSuffix("c999=1"))
    }

    @Test("a notice passes once, until there were a thousand others")
    func saidOnce() {
        var notices = SaidOnce()
        notices.add(Notice(.info, "a"))
        notices.add(Notice(.info, "a"))
        notices.add(Notice(.warning, "a"))
        #expect(notices.take() == [Notice(.info, "a"), Notice(.warning, "a")])
        notices.add(Notice(.info, "a"))
        #expect(notices.take().isEmpty)
        for number in 0..<1000 { notices.add(Notice(.info, "\(number)")) }
        #expect(notices.take().count == 1000)
        notices.add(Notice(.info, "a"))
        #expect(notices.take() == [Notice(.info, "a")])
    }
}
