package import Domain
package import Ports

/// One way of looking at a 3CX: an interface of it, with its session.
package protocol PhoneSystemView: Sendable {
    /// Looks once. Throws if nothing reliable was seen; whoever calls decides when to look again.
    func look() async throws(LookFailure) -> Look

    /// What the view is, in words for the log.
    var name: String { get async }
}

/// What one look gave.
package struct Look: Equatable, Sendable {
    package var snapshot: CallSnapshot
    /// What the operator should know, each said once.
    package var notices: [Notice]

    package init(snapshot: CallSnapshot, notices: [Notice] = []) {
        self.snapshot = snapshot
        self.notices = notices
    }
}
