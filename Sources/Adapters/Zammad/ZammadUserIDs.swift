import Synchronization

/// Zammad's user ids by extension, as far as they are known. Written by the directory, read at every answer without
/// waiting.
package final class ZammadUserIDs: Sendable {
    private let known: Mutex<[String: Int]>

    package init(_ known: [String: Int] = [:]) {
        self.known = Mutex(known)
    }

    package subscript(extensionNumber: String) -> Int? {
        known.withLock { $0[extensionNumber] }
    }

    package var count: Int { known.withLock { $0.count } }

    func set(_ id: Int?, for extensionNumber: String) {
        known.withLock { $0[extensionNumber] = id }
    }

    /// Forgets everybody else.
    func keep(only extensions: some Collection<String>) {
        let kept = Set(extensions)
        known.withLock { $0 = $0.filter { kept.contains($0.key) } }
    }
}
