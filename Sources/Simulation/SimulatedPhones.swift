import Domain

/// One phone system of the world, and what the world knows of what the bridge was shown of it.
struct SimulatedPhones: Sendable {
    let pbx: SimulatedPBX
    let settings: CallLifecycle.Settings
    var sightings: SightingChecker
    /// Complete and accepted by the core; for the check that nothing ends by silence.
    var lastShown: Set<PBXCallID>?
    var isViewLost = true
    /// Whether changes are told, where they are pushed.
    var isFollowed = false
    var lost = LostConversations()
    var history: [SeenEntry] = []

    var name: PhoneSystemName { settings.name }

    init(pbx: SimulatedPBX, settings: CallLifecycle.Settings, routing: SimulatedRouting) {
        self.pbx = pbx
        self.settings = settings
        sightings = SightingChecker(pbx: pbx, settings: settings, routing: routing)
    }

    mutating func unfollow() {
        isFollowed = false
        lost.forget()
    }
}
