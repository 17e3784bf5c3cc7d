/// What goes on when phone systems and Zammads come, go and get other names: at a start, and when the configuration
/// changes.
extension BridgeCore {
    /// Goes on with what an earlier process left; the output holds what has to be said and done about it.
    ///
    /// What has the default name and finds nobody of that name is now of the first. The calls of a phone system that
    /// is no longer configured end; the events of a Zammad that is not wait for it.
    package static func resuming(
        _ saved: SavedCore, calls: [CallLifecycle.Settings], delivery: [Zammad.Settings], at now: Instant
    ) -> (core: BridgeCore, output: Output) {
        var core = BridgeCore(calls: calls, delivery: delivery)
        core.lastID = saved.lastID
        var output = Output()
        core.resumeEvents(saved, into: &output, at: now)
        core.route(core.resumeCalls(saved, at: now), into: &output, at: now)
        output.change = core.takeChange()
        return (core, output)
    }

    package static func resuming(
        _ saved: SavedCore, calls: CallLifecycle.Settings, delivery: Zammad.Settings, at now: Instant
    ) -> (core: BridgeCore, output: Output) {
        resuming(saved, calls: [calls], delivery: [delivery], at: now)
    }

    /// A Zammad that is no longer configured gets a place in which its events wait.
    mutating func zammad(_ name: ZammadName) -> Int {
        if let index = index(of: name) { return index }
        var settings = Zammad.Settings()
        settings.name = name
        var zammad = Zammad(settings: settings)
        zammad.retire()
        zammads.append(zammad)
        return zammads.count - 1
    }

    private mutating func resumeEvents(_ saved: SavedCore, into output: inout Output, at now: Instant) {
        let parts = saved.parts { name in index(of: name).map { zammads[$0].name } ?? name }
        for (name, part) in parts.sorted(by: { $0.key < $1.key }) {
            if index(of: name) == nil, part.lanes.isEmpty, part.setAside.isEmpty, part.tickets.isEmpty {
                moved.accounts.updateValue(nil, forKey: name)
                continue
            }
            tell(zammad(name), &output) { zammad in
                var part = part
                part.lastID = zammad.lastID
                let (resumed, output) = Zammad.resuming(
                    part, settings: zammad.events.settings, duty: zammad.duty, at: now)
                zammad = resumed
                return output
            }
        }
        let first = zammads[0]
        if saved.accounts[.default] != nil, !zammads.contains(where: { $0.name == .default }) {
            inherit(.default, by: first)
        }
    }

    private mutating func inherit(_ name: ZammadName, by heir: Zammad) {
        moved.accounts.updateValue(nil, forKey: name)
        moved.accounts.updateValue(heir.account, forKey: heir.name)
    }

    private mutating func resumeCalls(_ saved: SavedCore, at now: Instant) -> PhoneSystem.Output {
        var calls: [Int: [PBXCallID: CallState]] = [:]
        var orphans: [PhoneSystemName: [PBXCallID: CallState]] = [:]
        for (key, state) in saved.calls {
            guard let index = index(of: key.phoneSystem) else {
                orphans[key.phoneSystem, default: [:]][key.id] = state
                continue
            }
            calls[index, default: [:]][key.id] = state
            move(key, state, to: phoneSystems[index].name)
        }
        for index in phoneSystems.indices {
            phoneSystems[index] = PhoneSystem(
                settings: phoneSystems[index].lifecycle.settings, resuming: calls[index] ?? [:], at: now)
        }
        var output = PhoneSystem.Output()
        for (name, calls) in orphans.sorted(by: { $0.key < $1.key }) {
            var settings = phoneSystems[0].lifecycle.settings
            settings.name = name
            output += abandon(PhoneSystem(settings: settings, resuming: calls, at: now), at: now)
        }
        return output
    }

    private mutating func move(_ key: CallKey, _ state: CallState, to name: PhoneSystemName) {
        guard key.phoneSystem != name, state.isKept else { return }
        moved.calls.updateValue(nil, forKey: key)
        moved.calls.updateValue(state, forKey: CallKey(key.id, of: name))
    }

    private mutating func abandon(_ phoneSystem: PhoneSystem, at now: Instant) -> PhoneSystem.Output {
        var phoneSystem = phoneSystem
        let output = phoneSystem.abandon(at: now)
        phoneSystem.takeChanges(into: &moved)
        return output
    }

    // MARK: - Other settings

    mutating func change(to delivery: [Zammad.Settings], into output: inout Output, at now: Instant) {
        guard !delivery.isEmpty else { return }
        var before = zammads
        zammads = Self.heirs(of: before.map(\.name), among: delivery.map(\.name)).enumerated().map {
            guard let index = $1 else {
                var zammad = Zammad(settings: delivery[$0])
                if isStopping { zammad.stop() }
                return zammad
            }
            return before[index]
        }
        for (index, settings) in delivery.enumerated() {
            let name = zammads[index].name
            before.removeAll { $0.name == name }
            tell(index, &output) { $0.change(to: settings, at: now) }
            if name != settings.name { inherit(name, by: zammads[index]) }
        }
        for var zammad in before {
            // One that is no longer wanted goes with its last event.
            guard zammad.isNeeded else {
                moved.accounts.updateValue(nil, forKey: zammad.name)
                continue
            }
            zammad.retire()
            zammads.append(zammad)
        }
    }

    mutating func change(to calls: [CallLifecycle.Settings], at now: Instant) -> PhoneSystem.Output {
        guard !calls.isEmpty else { return PhoneSystem.Output() }
        let before = phoneSystems
        let heirs = Self.heirs(of: before.map(\.name), among: calls.map(\.name))
        phoneSystems = zip(calls, heirs).map { settings, index in
            guard let index else { return PhoneSystem(settings: settings) }
            var system = before[index]
            system.lifecycle.settings = settings
            return system
        }
        for (settings, index) in zip(calls, heirs) {
            guard let index else { continue }
            for (id, state) in before[index].lifecycle.calls {
                move(CallKey(id, of: before[index].name), state, to: settings.name)
            }
        }
        var output = PhoneSystem.Output()
        for index in before.indices where !heirs.contains(index) { output += abandon(before[index], at: now) }
        return output
    }

    /// For each name what went by it before; what had the default name gets that of the first, if none has it.
    private static func heirs<Peer>(of before: [PeerName<Peer>], among names: [PeerName<Peer>]) -> [Int?] {
        var heirs = names.map { before.firstIndex(of: $0) }
        if let first = heirs.first, first == nil, !names.contains(.default) {
            heirs[0] = before.firstIndex(of: .default)
        }
        return heirs
    }
}
