import Foundation

/// Looks and posts at full speed, and what they leave behind in the process.
struct Soak {
    let program: String
    let polls: Int

    func rows() async throws -> [Row] {
        let settings = BenchStage.Settings(
            program: program, interface: .legacy, pollInterval: "0.001")
        return try await BenchStage.run(settings) { stage in
            let warmUp = polls / 10
            let posts = polls / 5
            var id = 100_000
            var samples: [(polls: Int, megabytes: Double, descriptors: Int)] = []
            var nextSample = warmUp
            while stage.phoneSystem.polls < polls || stage.timeline.posts < posts {
                // A post in five looks, from the beginning to the end.
                if stage.timeline.posts * 5 < stage.phoneSystem.polls {
                    try await play(20, from: id, at: stage)
                    id += 20
                    stage.timeline.forget()
                } else {
                    try await Task.sleep(for: .milliseconds(10))
                }
                guard stage.phoneSystem.polls >= nextSample else { continue }
                samples.append(
                    (stage.phoneSystem.polls, try stage.bridge.residentMegabytes, try stage.bridge.openDescriptors))
                note(
                    "\(stage.phoneSystem.polls) polls, \(stage.timeline.posts) posts, \(samples[samples.count - 1].megabytes) MB"
                )
                nextSample += polls / 20
            }
            guard let first = samples.first else { throw BenchFailure("no sample: more polls are needed") }
            let memory = try stage.bridge.residentMegabytes - first.megabytes
            let descriptors = try stage.bridge.openDescriptors - first.descriptors
            let name = "soak, \(stage.phoneSystem.polls) polls, \(stage.timeline.posts) posts"
            return [
                Row("\(name): growth of memory after the first tenth", memory, limit: 2, unit: "MB"),
                Row("\(name): memory at the end", try stage.bridge.residentMegabytes, limit: 30, unit: "MB", digits: 1),
                Row("\(name): more descriptors", Double(descriptors), limit: 0, unit: "", digits: 0),
                Row("\(name): journal", try stage.bridge.journalMegabytes, limit: 100, unit: "MB", digits: 1),
            ]
        }
    }

    /// So many calls at once, from ringing to their end.
    private func play(_ count: Int, from first: Int, at stage: BenchStage) async throws {
        for kind in [CallEvent.Kind.newCall, .answer, .hangup] {
            let calls = (first..<first + count).map { id in
                BenchCall(id: id, agent: PhoneSystem.agents.lowerBound + id % 50, isConnected: kind == .answer)
            }
            stage.phoneSystem.change(calls.map { ($0, kind) })
            try await stage.wait("\(kind) of call \(first)", within: .seconds(60)) {
                calls.allSatisfy { stage.timeline.hasArrived(CallEvent(number: $0.number, kind: kind)) }
            }
        }
    }

    private func note(_ text: String) { FileHandle.standardError.write(Data("\(text)\n".utf8)) }
}
