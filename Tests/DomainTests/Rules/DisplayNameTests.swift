import Testing

@testable import Domain

@Suite("A display name")
struct DisplayNameTests {
    @Test(
        "is passed on without control characters and needless blanks",
        arguments: [
            (nil, nil), ("", nil), ("   ", nil), ("\n\t\0", nil), ("Anna", "Anna"),
            ("  Anna \t Müller\n", "Anna Müller"),
            ("Doe, John (Sales)", "Doe, John (Sales)"), ("A\0B", "A B"), ("李小龍", "李小龍"), ("👩‍👩‍👧‍👦", "👩‍👩‍👧‍👦"),
            ("e\u{301}", "e\u{301}"), ("\u{301}", "\u{301}"), ("\u{7F}x\u{9B}y", "x y"),
        ] as [(String?, String?)])
    func clean(_ text: String?, _ expected: String?) {
        #expect(DisplayName.clean(text) == expected)
    }

    @Test("is cut to what Zammad can store", arguments: ["a", "ü", "👍", "e\u{301}", "ab cd ", "a\0"])
    func long(_ piece: String) {
        let cut = DisplayName.clean(String(repeating: piece, count: 500)) ?? ""
        #expect((79...80).contains(cut.unicodeScalars.count))
        #expect(cut.last != " ")
    }

    @Test("of ten megabytes is no trouble", arguments: ["x", " ", "\0", "\u{301}"])
    func huge(_ piece: String) {
        let name = DisplayName.clean(String(repeating: piece, count: 10_000_000 / piece.utf8.count))
        #expect((name?.unicodeScalars.count ?? 80) == 80)
    }

    @Test("stands in a list as long as the list fits")
    func list() {
        #expect(DisplayName.fitting([]) == [])
        #expect(DisplayName.fitting(["Anna", "Bert"]) == ["Anna", "Bert"])
        let long = String(repeating: "x", count: 80)
        #expect(DisplayName.fitting([long, long, long, "Berta"]) == [long, long, long])
        let exact = [long, long, String(repeating: "y", count: 86)]
        #expect(DisplayName.fitting(exact) == exact)
        #expect(DisplayName.fitting(exact + ["z"]) == exact)
    }
}
