import FoundationEssentials
import Testing

@testable import Adapters

@Suite("The elements of a list that is asked for again and again")
struct KnownElementsTests {
    private struct Unreadable: Error {}

    /// Reads lists one after the other and counts what had to be read.
    private struct Reading {
        private var known = KnownElements<String>()
        private(set) var read: [String] = []

        mutating func list(_ text: String, key: String? = nil) throws -> [String]? {
            var read: [String] = []
            let values = try known.values(of: key, in: Array(text.utf8)) { data in
                let text = String(decoding: data, as: UTF8.self)
                guard !text.contains("unreadable") else { throw Unreadable() }
                read.append(text)
                return text
            }
            self.read = read
            return values
        }
    }

    @Test("are read once, and then only those that are new")
    func unchanged() throws {
        var reading = Reading()
        #expect(try reading.list(#"[{"a":1},{"a":2},{"a":3}]"#) == [#"{"a":1}"#, #"{"a":2}"#, #"{"a":3}"#])
        #expect(reading.read.count == 3)
        #expect(try reading.list(#"[{"a":1},{"a":"2,]"},{"a":3}]"#) == [#"{"a":1}"#, #"{"a":"2,]"}"#, #"{"a":3}"#])
        #expect(reading.read == [#"{"a":"2,]"}"#])
        #expect(try reading.list(#"[{"a":0},{"a":1},{"a":3}]"#) == [#"{"a":0}"#, #"{"a":1}"#, #"{"a":3}"#])
        #expect(reading.read == [#"{"a":0}"#])
        #expect(try reading.list("[]") == [])
        #expect(try reading.list(#"[{"a":3}]"#) == [#"{"a":3}"#])
        #expect(reading.read == [#"{"a":3}"#])
    }

    @Test("are not taken for others that begin alike")
    func prefixes() throws {
        var reading = Reading()
        #expect(try reading.list("[1,12,123]") == ["1", "12", "123"])
        #expect(try reading.list("[12,1,1234,[1],{}]") == ["12", "1", "1234", "[1]", "{}"])
        #expect(try reading.list(#"["a","a,b"]"#) == [#""a""#, #""a,b""#])
        #expect(try reading.list(#"["a,b","a"]"#) == [#""a,b""#, #""a""#])
        #expect(try reading.list(#"["a\",b","a\\"]"#) == [#""a\",b""#, #""a\\""#])
    }

    @Test("stand in an object beside other keys")
    func member() throws {
        var reading = Reading()
        #expect(try reading.list(#"{"Now":"x","list":[1,2]}"#, key: "list") == ["1", "2"])
        #expect(try reading.list(#" { "list" : [ 1,2] , "Now":{"list":[7]} } "#, key: "list") == ["1", "2"])
        #expect(try reading.list(#"{"value":[1]}"#, key: "list") == nil)
        #expect(try reading.list(#"{"list":[1],"list":[2]}"#, key: "list") == nil)
        #expect(try reading.list(#"{"\u0061":0,"list":[1]}"#, key: "list") == nil)
        #expect(try reading.list("{\"\\\u{33F}\":0,\"list\":[1]}", key: "list") == nil, "found by fuzzing")
    }

    @Test(
        "are none where the text around them is not well formed",
        arguments: ["", "[", "[1", "[1,", "[1,]", "[,1]", "[1]]", "[1] 2", "{}", "1", #"["a]"#, #"["\"#])
    func malformed(_ text: String) throws {
        var reading = Reading()
        #expect(try reading.list("[1,2]") == ["1", "2"])
        #expect(try reading.list(text) == nil)
        #expect(try reading.list("[1,2]") == ["1", "2"])
        #expect(reading.read.isEmpty)
    }

    @Test("stay known when a later list cannot be read")
    func unreadable() throws {
        var reading = Reading()
        #expect(try reading.list(#"["a","b"]"#) == [#""a""#, #""b""#])
        #expect(throws: Unreadable.self) { try reading.list(#"["a","unreadable"]"#) }
        #expect(try reading.list(#"["a","b"]"#) == [#""a""#, #""b""#])
        #expect(reading.read.isEmpty)
    }

    @Test("are the same however the list changes", arguments: 0..<50 as Range<UInt64>)
    func random(_ seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        var reading = Reading()
        var rows = (0..<20).map { #"{"id":\#($0),"text":"[\#($0)]"}"# }
        for step in 0..<100 {
            switch Int.random(in: 0..<4, using: &random) {
            case 0 where !rows.isEmpty: rows.remove(at: .random(in: rows.indices, using: &random))
            case 1: rows.insert(#"{"id":\#(100 + step)}"#, at: .random(in: 0...rows.count, using: &random))
            case 2 where !rows.isEmpty: rows[.random(in: rows.indices, using: &random)] = #"{"step":\#(step)}"#
            default: break
            }
            #expect(try reading.list("[\(rows.joined(separator: ","))]") == rows)
            #expect(step == 0 || reading.read.count <= 1)
        }
    }
}
