import NIOCore

/// The measurements that `make bench` makes, each against the built program.
struct Measurements {
    let program: String
    let seconds: Double

    /// From the start of the process to its first poll, which a login comes before.
    func start() async throws -> [Row] {
        var rows: [Row] = []
        for interface in [Interface.legacy, .callcontrol] {
            var times: [TimeAmount] = []
            for _ in 0..<20 {
                times += try await BenchStage.run(settings(interface)) { stage in
                    stage.phoneSystem.firstPollAt.map { [$0 - stage.bridge.startedAt] } ?? []
                }
            }
            rows.append(
                Row(
                    "\(interface): start to first look, median of 20", times.sorted().percentile(0.5), limit: 50,
                    unit: "ms"))
        }
        return rows
    }

    func events() async throws -> [Row] {
        var stageSettings = settings(.events)
        stageSettings.pollInterval = "0.5"
        return try await BenchStage.run(stageSettings) { stage in
            try await stage.playCalls(20, from: 10_000, pause: 0.005...0.02)
            stage.timeline.forget()
            try await stage.playCalls(200, from: 20_000, pause: 0.005...0.05)
            let times = stage.timeline.latencies
            let before = stage.phoneSystem.requests
            try await Task.sleep(for: .seconds(seconds))
            let idle = Double(stage.phoneSystem.requests - before) * 60 / seconds
            return [
                Row("events: requests to 3CX in 60 s while nothing happens", idle, limit: 5, unit: "", digits: 0),
                Row("events: change to post, p50", times.percentile(0.5), limit: 10, unit: "ms"),
                Row("events: change to post, p99", times.percentile(0.99), limit: 10, unit: "ms"),
            ]
        }
    }

    func polling() async throws -> [Row] {
        var rows: [Row] = []
        for interface in [Interface.legacy, .callcontrol] {
            rows += try await BenchStage.run(settings(interface)) { stage in
                try await stage.playCalls(50, from: 20_000, pause: 0.1...0.6)
                let times = stage.timeline.latencies
                return [
                    Row(
                        "\(interface): change to post, polling every 500 ms, p50", times.percentile(0.5), limit: 260,
                        unit: "ms"),
                    Row(
                        "\(interface): change to post, polling every 500 ms, p99", times.percentile(0.99), limit: 510,
                        unit: "ms"),
                ]
            }
        }
        return rows
    }

    /// From the answer of 3CX to the post, with no other call and with a thousand.
    func ownShare() async throws -> [Row] {
        var rows: [Row] = []
        for interface in [Interface.legacy, .callcontrol] {
            for (others, limit) in [(0, 0.8), (1000, 2.0)] {
                var settings = settings(interface)
                settings.pollInterval = "0.05"
                settings.liveCalls = others
                rows += try await BenchStage.run(settings) { stage in
                    try await stage.playCalls(100, from: 20_000, pause: 0.01...0.05)
                    return [
                        Row(
                            "\(interface): answer of 3CX to post, \(others) other calls, p50",
                            stage.timeline.ownShares.percentile(0.5), limit: limit, unit: "ms")
                    ]
                }
            }
        }
        return rows
    }

    func cpuAndMemory() async throws -> [Row] {
        var rows: [Row] = []
        for interface in [Interface.legacy, .callcontrol] {
            for (calls, limit, memory) in [(0, 0.08, 20.0), (100, 0.10, nil), (1000, 0.35, 30.0)] {
                var settings = settings(interface)
                settings.liveCalls = calls
                rows += try await BenchStage.run(settings) { stage in
                    let before = try stage.bridge.cpuSeconds
                    try await Task.sleep(for: .seconds(seconds))
                    let used = (try stage.bridge.cpuSeconds - before) * 60 / seconds
                    let resident = try stage.bridge.residentMegabytes
                    return [
                        Row("\(interface): processor seconds in 60 s, \(calls) calls", used, limit: limit, unit: "s")
                    ]
                        + (memory.map {
                            [Row("\(interface): memory, \(calls) calls", resident, limit: $0, unit: "MB", digits: 1)]
                        } ?? [])
                }
            }
        }
        return rows
    }

    /// While nothing happens: what each phone system costs beyond the first.
    func manyPhoneSystems() async throws -> [Row] {
        var rows: [Row] = []
        var alone: (processor: Double, memory: Double)?
        for count in [1, 30, 300] {
            var settings = settings(.legacy)
            settings.phoneSystems = count
            rows += try await BenchStage.run(settings) { stage in
                let before = try stage.bridge.cpuSeconds
                try await Task.sleep(for: .seconds(seconds))
                let used = (try stage.bridge.cpuSeconds - before) * 60 / seconds
                let memory = try stage.bridge.residentMegabytes
                guard let first = alone else {
                    alone = (used, memory)
                    return [
                        Row("1 phone system: processor seconds in 60 s", used, limit: 0.15, unit: "s"),
                        Row("1 phone system: memory", memory, limit: 50, unit: "MB", digits: 1),
                    ]
                }
                let others = Double(count - 1)
                return [
                    Row(
                        "\(count) phone systems: processor seconds in 60 s for each beyond the first",
                        (used - first.processor) / others, limit: 0.08, unit: "s", digits: 3),
                    Row(
                        "\(count) phone systems: memory for each beyond the first", (memory - first.memory) / others,
                        limit: 0.3, unit: "MB"),
                ]
            }
        }
        return rows
    }

    /// So many calls at once, at a helpdesk that takes 100 ms for each event.
    func bursts() async throws -> [Row] {
        var rows: [Row] = []
        for (count, limit) in [(100, 1500.0), (1000, 13_000.0)] {
            var settings = settings(.legacy)
            settings.helpdeskDelay = .milliseconds(100)
            rows += try await BenchStage.run(settings) { stage in
                stage.phoneSystem.change(
                    (0..<count).map { index in
                        (BenchCall(id: index, agent: PhoneSystem.agents.lowerBound + index % 50), .newCall)
                    })
                try await stage.wait("\(count) calls", within: .seconds(60)) { stage.timeline.posts >= count }
                return [
                    Row(
                        "\(count) calls at once, Zammad takes 100 ms: until the last is told",
                        stage.timeline.latencies.percentile(1), limit: limit, unit: "ms", digits: 0)
                ]
            }
        }
        return rows
    }

    /// Ten thousand calls that wait for a Zammad which fails at everything, and how they are told when it works again.
    func backlog() async throws -> [Row] {
        let (calls, atOnce) = (10_000, 1000)
        var settings = settings(.legacy)
        settings.helpdeskFails = true
        settings.helpdeskDelay = .milliseconds(10)
        return try await BenchStage.run(settings) { stage in
            for first in stride(from: 0, to: calls, by: atOnce) {
                let some = (first..<first + atOnce).map {
                    BenchCall(id: $0, agent: PhoneSystem.agents.lowerBound + $0 % 50)
                }
                for event in [CallEvent.Kind.newCall, .hangup] {
                    stage.phoneSystem.change(some.map { ($0, event) })
                    let polls = stage.phoneSystem.polls
                    try await stage.wait("two polls", within: .seconds(60)) { stage.phoneSystem.polls >= polls + 2 }
                }
            }
            // Until the pauses between the probes are as long as they get.
            try await Task.sleep(for: .seconds(30))
            let before = try stage.bridge.cpuSeconds
            try await Task.sleep(for: .seconds(seconds))
            let used = (try stage.bridge.cpuSeconds - before) / seconds * 100
            stage.helpdesk.isFailing = false
            try await stage.wait("an event", within: .seconds(60)) { stage.timeline.posts > 0 }
            let start = ContinuousClock.now
            try await stage.wait("all events", within: .seconds(300)) { stage.timeline.posts >= 2 * calls }
            let took = (ContinuousClock.now - start) / .seconds(1)
            return [
                Row("\(calls) calls wait for Zammad: share of a core", used, limit: 2, unit: "%"),
                Row(
                    "their \(2 * calls) events, Zammad takes 10 ms: until the last is told", took, limit: 60, unit: "s"),
            ]
        }
    }

    private func settings(_ interface: Interface) -> BenchStage.Settings {
        BenchStage.Settings(program: program, interface: interface)
    }
}
