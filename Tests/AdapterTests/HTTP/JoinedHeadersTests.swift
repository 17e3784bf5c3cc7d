import Testing

@testable import Adapters

@Suite("A joined Set-Cookie header")
struct JoinedHeadersTests {
    @Test(
        "is taken apart at the commas between cookies only",
        arguments: [
            ("a=1", ["a=1"]),
            ("a=1, b=2", ["a=1", "b=2"]),
            ("a=1,b=2", ["a=1", "b=2"]),
            ("a=1; Expires=Wed, 21 Oct 2037 07:28:00 GMT, b=2", ["a=1; Expires=Wed, 21 Oct 2037 07:28:00 GMT", "b=2"]),
            ("a=x,y; Path=/, b=", ["a=x,y; Path=/", "b="]),
            ("", []), (",", [","]), (", , =", [", , ="]), ("a=1,", ["a=1,"]),
        ]
    )
    func cookies(_ joined: String, _ expected: [String]) {
        #expect(JoinedHeaders.cookies(joined) == expected)
    }
}
