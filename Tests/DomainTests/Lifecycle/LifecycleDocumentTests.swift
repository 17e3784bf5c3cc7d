import Domain
import Foundation
import Testing

@Suite("docs/call-lifecycle.md")
struct LifecycleDocumentTests {
    @Test("shows the table that the machine runs on; print it anew with `app lifecycle`")
    func isCurrent() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..").standardized
        let page = try String(contentsOf: root.appending(path: "docs/call-lifecycle.md"), encoding: .utf8)
        #expect(page.contains(TransitionTable.markdown))
    }
}
