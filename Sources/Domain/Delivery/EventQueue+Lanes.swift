/// Where each lane stands, and how it gets there.
extension EventQueue {
    /// Calls by the first event that they have to send. The oldest so many events are all theirs.
    func callsThatWaitLongest(_ most: Int) -> [CallID] {
        var oldest: [(id: OutboxEvent.ID, callID: CallID)] = []
        for (callID, lane) in trackedLanes.values {
            guard let id = lane.events.first?.id else { continue }
            if oldest.count >= most {
                guard let last = oldest.last, id < last.id else { continue }
                oldest.removeLast()
            }
            oldest.insert((id, callID), at: oldest.firstIndex { $0.id > id } ?? oldest.endIndex)
        }
        return oldest.map(\.callID)
    }

    /// Takes an event that waits out of its lane; `nil` for one that does not wait, or whose request is under way.
    mutating func takePending(_ id: OutboxEvent.ID) -> OutboxEvent? {
        for (callID, var lane) in trackedLanes.values {
            guard let index = lane.events.firstIndex(where: { $0.id == id }) else { continue }
            if case .inFlight = lane.status, index == 0 { return nil }
            let event = lane.events.remove(at: index)
            // There is nothing left to ask for.
            if index == 0, lane.doubt != nil { lane.step = .deliver }
            if lane.events.isEmpty { lane.status = .free }
            enlist(callID, lane)
            return event
        }
        return nil
    }

    mutating func takeSetAside(_ id: OutboxEvent.ID) -> SetAsideEvent? {
        defer { trackedSetAside[id] = nil }
        return trackedSetAside[id]
    }

    /// Puts an event back into the lane of its call, which may have been closed meanwhile.
    mutating func reinstate(_ event: OutboxEvent, _ setAside: SetAsideEvent) {
        let callID = event.command.callID
        var lane = trackedLanes[callID] ?? setAside.lane
        lane.reinstate(event)
        if event.command.event == .hangup { lane.isOver = true }
        enlist(callID, lane)
    }

    /// What has changed since the last time.
    mutating func takeChanges(into change: inout CoreChange) {
        let (lanes, setAside) = (trackedLanes.takeChanges(), trackedSetAside.takeChanges())
        guard !lanes.isEmpty || !setAside.isEmpty else { return }
        for (id, _, now) in lanes { change.lanes.updateValue(now, forKey: id) }
        for (id, _, now) in setAside { change.setAside.updateValue(now, forKey: id) }
        change.accounts.updateValue(account, forKey: settings.name)
        change.lastID = max(change.lastID, lastID)
    }

    /// Goes on with what an earlier process left. A request that was under way when it ended may have arrived: its
    /// outcome is ambiguous.
    package static func resuming(
        _ saved: SavedCore, settings: Zammad.Settings, duty: Zammad.Duty = .working, at now: Instant
    ) -> (queue: EventQueue, output: Output) {
        var queue = EventQueue(settings: settings)
        queue.duty = duty
        queue.account = saved.account.reconciled(with: saved)
        queue.lastID = saved.lastID
        queue.trackedSetAside = TrackedDictionary(saved.setAside)
        queue.trackedLanes = TrackedDictionary(saved.lanes)
        var output = Output()
        for (callID, var lane) in saved.lanes.sorted(by: { $0.key < $1.key }) {
            switch lane.status {
            case .inFlight(let attempt):
                // It says nothing of Zammad.
                let outcome = DeliveryOutcome.ambiguous("the bridge ended while the request was under way")
                let news = queue.conclude(attempt, outcome, isProbe: false, jitter: 0, at: now)
                if let news { output.news.append(news) }
            case .waiting(let until) where lane.doubt != nil:
                queue.wait(callID, &lane, until: until)
            case .free, .waiting:
                lane.status = .free
                queue.enlist(callID, lane)
            }
        }
        output += queue.timePassed(at: now)
        return (queue, output)
    }

    /// Puts a lane into the books as it is now: among those that may send if it has something to send and does not
    /// wait, and out of all if its call is over.
    mutating func enlist(_ callID: CallID, _ lane: EventLane) {
        if case .waiting = lane.status {} else { waiting.remove(callID) }
        if lane.isReady {
            ready.put(callID, at: rank(lane))
        } else {
            ready.remove(callID)
        }
        trackedLanes[callID] = lane.events.isEmpty && lane.isOver ? nil : lane
    }

    private func rank(_ lane: EventLane) -> ReadyRank {
        ReadyRank(failures: health.isUp ? 0 : lane.failures, isOver: lane.isOver, at: lane.opening.at)
    }

    mutating func wait(_ callID: CallID, _ lane: inout EventLane, until: Instant) {
        lane.status = .waiting(until: until)
        waiting.put(callID, at: until)
    }

    mutating func endWait(of callID: CallID) {
        guard var lane = trackedLanes[callID], case .waiting = lane.status else { return waiting.remove(callID) }
        lane.status = .free
        enlist(callID, lane)
    }

    /// Zammad is back: whoever has probed meanwhile comes when it is its turn.
    mutating func releaseProbed() {
        for callID in probed where trackedLanes[callID]?.doubt == nil { endWait(of: callID) }
        probed = []
        while health.isUp, let (rank, callID) = ready.last, rank.failures > 0, let lane = trackedLanes[callID] {
            enlist(callID, lane)
        }
    }

    /// No call waits any longer because Zammad has failed.
    mutating func releaseAll() {
        probed.formUnion(trackedLanes.values.keys)
        releaseProbed()
    }
}
