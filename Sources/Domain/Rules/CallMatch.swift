/// Which calls one Zammad takes.
///
/// A call fits if any of the numbers fits, of whichever kind; where no numbers are named, all calls fit. Where phone
/// systems are named, it must also be a call of one of them.
package struct CallMatch: Hashable, Sendable, Codable {
    /// Instances.
    package var phoneSystems: [String] = []
    /// DNs of queues and ring groups.
    package var queues: [NumberPattern] = []
    /// Numbers that callers dial. Compared with country code, however they are written.
    package var dids: [NumberPattern] = []
    /// DNs of trunks.
    package var trunks: [NumberPattern] = []
    /// Of agents: whom it rings for, who talks, who calls out.
    package var extensions: [NumberPattern] = []

    package init() {}

    /// Whether every call fits.
    package var isCatchAll: Bool { phoneSystems.isEmpty && namesNoNumbers }

    package func fits(_ call: ObservedCall, of phoneSystem: String, numbers: NumberPlan) -> Bool {
        guard phoneSystems.isEmpty || phoneSystems.contains(phoneSystem) else { return false }
        if namesNoNumbers { return true }
        for leg in call.legs {
            let patterns =
                switch leg.role {
                case .queue, .ringGroup: queues
                case .agent: extensions
                case .ivr, .voicemail, .other: [NumberPattern]()
                }
            if patterns.contains(where: { $0.matches(leg.dn) }) { return true }
        }
        if let trunk = call.trunk, trunks.contains(where: { $0.matches(trunk) }) { return true }
        guard let did = call.did, !dids.isEmpty else { return false }
        let number = numbers.comparable(did) ?? did
        return dids.contains { Self.matches($0, did: number, numbers) }
    }

    /// A single number or a beginning may be written in another form than the PBX shows; the ends of a range are what
    /// is compared.
    private static func matches(_ pattern: NumberPattern, did: String, _ numbers: NumberPlan) -> Bool {
        let isRange = pattern.description.contains("-")
        let outside = isRange ? nil : NumberPattern(outside: pattern.description, numbers)
        return (outside ?? pattern).matches(did)
    }

    private var namesNoNumbers: Bool { queues.isEmpty && dids.isEmpty && trunks.isEmpty && extensions.isEmpty }
}
