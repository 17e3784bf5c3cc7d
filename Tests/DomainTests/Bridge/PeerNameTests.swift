import FoundationEssentials
import Testing

@testable import Domain

@Suite("Names of phone systems and Zammads")
struct PeerNameTests {
    private struct Row: Codable, Equatable {
        var zammad: ZammadName
    }

    private enum Fact: Codable, Equatable {
        case told(Int, of: ZammadName)
    }

    private func text(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    private func value<Value: Decodable>(_ text: String) throws -> Value {
        try JSONDecoder().decode(Value.self, from: Data(text.utf8))
    }

    @Test("are never empty, and the default one is not shown")
    func texts() {
        let (empty, north) = ("", "north")
        #expect(ZammadName(empty) == nil && ZammadName(north) == "north")
        #expect(("north" as ZammadName).shown == "north" && ZammadName.default.shown == nil)
        #expect(ZammadName.default < "north", "the default one comes first")
    }

    @Test("stand in JSON unless they are the default one; what has none has that one")
    func coding() throws {
        #expect(try text(Row(zammad: "north")) == #"{"zammad":"north"}"# && text(Row(zammad: .default)) == "{}")
        #expect(try value("{}") == Row(zammad: .default) && value(#"{"zammad":"north"}"#) == Row(zammad: "north"))
        #expect(throws: DecodingError.self) { try value(#"{"zammad":""}"#) as Row }
        #expect(try text(Fact.told(1, of: .default)) == #"{"told":{"_0":1}}"#)
        #expect(try value(#"{"told":{"_0":1}}"#) == Fact.told(1, of: .default))
        #expect(try value(#"{"told":{"_0":1,"of":"north"}}"#) == Fact.told(1, of: "north"))
    }
}
