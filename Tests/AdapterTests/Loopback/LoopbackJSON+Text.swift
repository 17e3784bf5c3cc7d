import Adapters
import FoundationEssentials

extension LoopbackJSON {
    init(text: String) throws {
        self = try JSONDecoder().decode(LoopbackJSON.self, from: Data(text.utf8))
    }

    /// The JSON text with sorted keys; the servers write no fractions, so it cannot fail for want of a finite number.
    func text() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}
