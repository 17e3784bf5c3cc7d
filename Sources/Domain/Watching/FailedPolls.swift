/// The polls that have failed since the last one that showed something.
package struct FailedPolls: Hashable, Sendable, Codable {
    /// At least 1.
    package var count: Int
    /// How many of them, counted from the last one back, failed for the same reason: another reason begins its waiting
    /// times anew.
    package var alike: Int
    /// Why the last one failed.
    package var fault: SourceFault

    package init(count: Int, alike: Int, fault: SourceFault) {
        self.count = count
        self.alike = alike
        self.fault = fault
    }

    /// `earlier` and one more.
    init(after earlier: FailedPolls?, _ fault: SourceFault) {
        count = (earlier?.count ?? 0) + 1
        alike = earlier?.fault == fault ? (earlier?.alike ?? 0) + 1 : 1
        self.fault = fault
    }
}
