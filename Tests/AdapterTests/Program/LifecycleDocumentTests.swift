import Domain
import Foundation
import Testing

@testable import App

@Suite("The documentation of the life of a call")
struct LifecycleDocumentTests {
    private func page(_ path: String) throws -> String {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..").standardized
        return try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    @Test("shows the table that the machine runs on; `make docs` writes it anew")
    func isCurrent() throws {
        #expect(try page("docs/call-lifecycle.md").contains(CallTransition.markdown))
    }

    @Test("shows its diagram in docs/architecture.md as well; `make docs` writes it anew")
    func diagram() throws {
        #expect(try page("docs/architecture.md").contains(CallTransition.diagram))
    }
}
