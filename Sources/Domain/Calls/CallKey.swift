/// A call and the phone system that it is of: a PBX's ids are its own alone.
package struct CallKey: Hashable, Comparable, Sendable, Codable {
    package var phoneSystem: PhoneSystemName
    package var id: PBXCallID

    package init(_ id: PBXCallID, of phoneSystem: PhoneSystemName = .default) {
        self.phoneSystem = phoneSystem
        self.id = id
    }

    package static func < (left: CallKey, right: CallKey) -> Bool {
        (left.phoneSystem, left.id) < (right.phoneSystem, right.id)
    }
}
