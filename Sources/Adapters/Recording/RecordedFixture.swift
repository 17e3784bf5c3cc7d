import Domain
package import Ports

/// A recorded session as a fixture, with pseudonyms, and with what the bridge makes of it as its expectation.
package struct RecordedFixture: Sendable {
    package let text: String
    package let fixture: Fixture
    package let result: FixtureReplay.Result
    /// How many of the steps did not fit into the limit.
    package let stepsLeftOut: Int
    /// Why it does not show what 3CX answered; `nil` for a recording that can be relied on.
    package let problem: String?

    package enum Failure: Error, CustomStringConvertible {
        /// No poll succeeded; the last one failed so, if there was any.
        case nothing(PollFailure?)
        /// What was written cannot be read again: a fault of the recorder.
        case unreadable(String)

        package var description: String {
            switch self {
            case .nothing(let failure?): "nothing was recorded, since no poll of 3CX succeeded: \(failure)"
            case .nothing(nil): "nothing was recorded: no poll of 3CX succeeded; try zammadbridge check"
            case .unreadable(let what): "the recording cannot be replayed: \(what); report this as a fault"
            }
        }

        /// `nil` for a fault of the recorder.
        package var kind: PollFailure.Kind? {
            switch self {
            case .nothing(let failure): failure?.kind ?? .unreachable
            case .unreadable: nil
            }
        }
    }

    /// - Parameters:
    ///   - name: The file's, without its ending.
    ///   - limit: Of the text, in bytes.
    package static func make(
        _ recorder: SessionRecorder, _ configuration: BridgeConfiguration, name: String, limit: Int,
        key: PseudonymNumberKey = .random()
    ) async throws(Failure) -> RecordedFixture {
        let recording = recorder.recording
        let interval = configuration.bridge.reconcileInterval
        guard recorder.account.polls > 0, let source = source(of: recording),
            let recorded = RecordedSteps(recording, reconcileInterval: interval)
        else {
            throw .nothing(recorder.lastFailure)
        }
        var pseudonyms = Pseudonymiser(configuration, key: key)
        pseudonyms.learn(recorded.session.answers, frames: recorded.session.frames)
        var document = RecordedDocument(
            name: name, source: source, start: recorded.start, limit: limit, pseudonyms: pseudonyms)
        let (text, leftOut) = document.text(recorded, configuration)
        do {
            let file = try FixtureFile(Array(text.utf8), path: "\(name).json")
            var replay = try FixtureReplay(file.fixture)
            let result = await replay.run()
            let whole = try file.text(expecting: result.requests)
            return RecordedFixture(
                text: whole, fixture: try FixtureFile(Array(whole.utf8), path: "\(name).json").fixture, result: result,
                stepsLeftOut: leftOut, problem: problem(of: result, recording))
        } catch {
            throw .unreadable("\(error)")
        }
    }

    /// One that somebody else has made, played once more.
    package static func read(
        _ text: String, name: String, stepsLeftOut: Int, problem: String?
    ) async throws(Failure) -> RecordedFixture {
        do {
            let fixture = try FixtureFile(Array(text.utf8), path: "\(name).json").fixture
            var replay = try FixtureReplay(fixture)
            return RecordedFixture(
                text: text, fixture: fixture, result: await replay.run(), stepsLeftOut: stepsLeftOut, problem: problem)
        } catch {
            throw .unreadable("\(error)")
        }
    }

    /// What the replay asks for must be what was asked for, or it sees nothing where 3CX was seen.
    private static func problem(of result: FixtureReplay.Result, _ recording: Recording) -> String? {
        let recorded = recording.polls.count(where: \.hasFailed)
        let failures = result.moments.compactMap { if case .pollFailed(let what) = $0.kind { what } else { nil } }
        if result.polls > 0, failures.count <= recorded { return nil }
        guard let first = failures.first else { return "no poll of 3CX succeeded" }
        return result.polls > 0
            ? "\(failures.count) polls fail in the replay, and \(recorded) did when it was recorded: \(first)"
            : "no poll succeeds in the replay: \(first)"
    }

    /// By what was answered: `auto` asks for what a phone system may have, and goes on with all that it has.
    private static func source(of recording: Recording) -> Fixture.Source? {
        var answered: Set<String> = []
        for exchange in recording.exchanges {
            let answer = recording.answers[exchange.answer]
            guard answer.status == 200, answer.fault == nil else { continue }
            answered.insert(String(exchange.key.prefix { $0 != "?" }))
        }
        let hasEvents = recording.pushes.contains { if case .socket = $0.what { true } else { false } }
        let possible = Fixture.Source.allCases.filter { $0.interface.callQuestions.isSubset(of: answered) }
        let most = possible.map(\.interface.callQuestions.count).max()
        let sources = possible.filter { $0.interface.callQuestions.count == most }
        return sources.first { $0.hasEvents == hasEvents } ?? sources.first
    }
}

extension RecordedSteps {
    /// What there is to be replaced, in the order in which it came.
    var session: (answers: [(key: String, answer: RecordedAnswer)], frames: [[UInt8]]) {
        var frames: [[UInt8]] = []
        var answers: [(key: String, answer: RecordedAnswer)] = []
        for step in steps {
            if case .push(.frame(let message)) = step.kind { frames.append(message) }
            for (key, answer) in step.answers { answers.append((key: key, answer: self.answers[answer])) }
        }
        return (answers, frames)
    }
}
