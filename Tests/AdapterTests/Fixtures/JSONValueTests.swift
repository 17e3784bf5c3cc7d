import FoundationEssentials
import Testing
import Wire

@Suite("A JSON value")
struct JSONValueTests {
    @Test(
        "is read as what it is and written as it was",
        arguments: [
            ("null", .null), ("true", .bool(true)), ("28", .integer(28)), ("0.5", .fraction(0.5)),
            ("-9223372036854775808", .integer(.min)), ("\"a\\u0000\"", .string("a\0")), ("[]", .array([])),
            ("{\"a\":[1,0.25,{\"b\":null}]}", ["a": [1, 0.25, ["b": nil]]]),
        ] as [(String, JSONValue)]
    )
    func roundTrip(_ text: String, _ value: JSONValue) throws {
        #expect(try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8)) == value)
        let written = try JSONEncoder().encode(value)
        #expect(try JSONDecoder().decode(JSONValue.self, from: written) == value)
    }

    @Test("refuses what is no JSON", arguments: ["", "{", "[1,", "nul", "1e999"])
    func refused(_ text: String) {
        #expect(throws: (any Error).self) { try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8)) }
    }
}
