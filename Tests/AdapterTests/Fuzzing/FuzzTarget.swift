/// A reader of outside input, with what must hold whatever it is given. `make fuzz` looks for inputs with which it does
/// not; the tests run the corpus through it.
package struct FuzzTarget: Sendable {
    /// What must hold, and did not.
    package struct Finding: Error, CustomStringConvertible {
        package let description: String
    }

    /// Also that of its folder in Fuzz/Corpus.
    package let name: String
    /// Throws a `Finding`; a trap is one as well.
    package let check: @Sendable ([UInt8]) async throws -> Void

    package static let all = phoneSystem + zammad + files + [webSocket] + http

    /// - Throws: a finding with the text, unless the condition holds.
    static func expect(_ condition: Bool, _ text: @autoclosure () -> String) throws(Finding) {
        guard condition else { throw Finding(description: text()) }
    }
}
