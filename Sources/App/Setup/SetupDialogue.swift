import Adapters
import Ports

/// The conversation in which a configuration comes about: what is asked, in which order, and what is said about it. It touches
/// neither a terminal nor a file nor the network.
struct SetupDialogue {
    struct Outcome: Sendable {
        var text: String
        var effective: EffectiveConfiguration
    }

    let terminal: any SetupTerminal
    let probes: any SetupProbes
    private let path: String
    /// What the present file says; `nil` if there is none that can be read.
    let present: EffectiveConfiguration?
    /// Answers that are there before they are asked for, by path; each is used once.
    private(set) var given: [String: ConfigurationEntry.Value]
    /// By path; `.none` for what there is to be none of. What is taken over from the present file is not in it.
    private var answers: [String: ConfigurationEntry.Value] = [:]
    private var text: ConfigurationText
    private var explained: Set<String> = []
    /// Paths that were set in the text.
    private var changed: Set<String> = []
    /// Which interface of 3CX is to be used; `nil`: what the present file says.
    private var api: BridgeConfiguration.PhoneSystemAPI?

    private static let empty = """
        # Written by zammadbridge setup. All keys are explained in docs/configuration.md; zammadbridge config --example
        # prints a file with remarks.

        3CX:

        Zammad:
        """

    /// - Parameter file: The text of the present file, and what it says.
    init(
        _ terminal: any SetupTerminal, _ probes: any SetupProbes, path: String,
        file: (text: String, effective: EffectiveConfiguration)?, given: [String: ConfigurationEntry.Value]
    ) {
        self.terminal = terminal
        self.probes = probes
        self.path = path
        self.given = given
        present = file?.effective
        text = ConfigurationText(file?.text ?? Self.empty)
    }

    mutating func run() async throws(SetupEnd) -> Outcome {
        let isVersion20 = try await findPhoneSystem()
        let survey = try await logIn(isVersion20)
        try await chooseWatched(survey, isVersion20)
        try await chooseNumbers()
        try await findZammad()
        try await chooseTickets()
        if !isGiven("Zammad.log_missed_queue_calls") { text.set("Zammad.log_missed_queue_calls", .boolean(true)) }
        return try await finish()
    }

    // MARK: - Asking

    /// Asks until there is an answer that the key can have.
    mutating func ask(_ question: SetupQuestion, _ menu: SetupMenu? = nil) async throws(SetupEnd) {
        if let flag = given.removeValue(forKey: question.path) {
            if await accept(flag, question, menu) { return }
            guard terminal.isInteractive else { throw .refused(64) }
        }
        let known = known(question)
        guard terminal.isInteractive else {
            guard known == nil else { return }
            if let usual = question.usual { return keep(.text(usual), for: question) }
            guard question.isOptional else { throw .missing(flag: question.flag, title: question.title) }
            return
        }
        await explain(question, menu)
        while true {
            let prompt = question.title + (known ?? question.usual).map { " [\($0)]" }.orEmpty + ": "
            let line = try await terminal.ask(prompt, isSecret: question.form == .secret).trimmed
            if line.isEmpty {
                if known != nil { return }
                if let usual = question.usual { return keep(.text(usual), for: question) }
                if question.isOptional { return keep(.none, for: question) }
                await terminal.say("  This is needed; Ctrl-C ends setup.")
            } else if line == "-", question.isOptional {
                return keep(.none, for: question)
            } else if await accept(question.value(line), question, menu) {
                return
            }
        }
    }

    func confirm(_ prompt: String, usually: Bool) async throws(SetupEnd) -> Bool {
        while true {
            let line = try await terminal.ask("\(prompt) [\(usually ? "Y/n" : "y/N")] ", isSecret: false).trimmed
            switch line.lowercased() {
            case "": return usually
            case "y", "yes": return true
            case "n", "no": return false
            default: continue
            }
        }
    }

    /// With what was found: says no more where nobody can answer otherwise, and asks for the certificate that may be missing.
    mutating func tryAgain(_ findings: SetupFindings, _ authority: SetupQuestion) async throws(SetupEnd) {
        guard terminal.isInteractive else { throw .refused(await findings.exitCode) }
        if await findings.want(authority) { try await ask(authority) }
    }

    private mutating func explain(_ question: SetupQuestion, _ menu: SetupMenu?) async {
        guard explained.insert(question.path).inserted else { return }
        await terminal.say("")
        if !question.explanation.isEmpty { await terminal.say(question.explanation) }
        if let title = menu?.title { await terminal.say(title) }
        for line in menu?.lines ?? [] { await terminal.say(line) }
        if question.isOptional, known(question) != nil { await terminal.say("A hyphen (-) means none.") }
    }

    private mutating func accept(
        _ value: ConfigurationEntry.Value, _ question: SetupQuestion, _ menu: SetupMenu?
    ) async -> Bool {
        let words = value.words.map { menu?.value($0) ?? question.completed($0) }
        if let menu, let stranger = words.first(where: { menu.value($0) == nil }) {
            await terminal.show(
                .problem(
                    .configuration, .configuration, "there is no \"\(stranger.prefix(60))\" to choose",
                    remedy: menu.remedy(for: stranger)))
            return false
        }
        let value: ConfigurationEntry.Value =
            if case .list = value { .list(words.map { .text($0) }) } else { .text(words.first ?? "") }
        let problems = ConfigurationAnswer.problems(question.path, value)
        for problem in problems {
            await terminal.show(.problem(.configuration, .configuration, problem.message, remedy: problem.remedy))
        }
        guard problems.isEmpty else { return false }
        keep(value, for: question)
        return true
    }

    // MARK: - Answers

    mutating func keep(_ value: ConfigurationEntry.Value, for question: SetupQuestion) {
        answers[question.path] = value
        set(question.path, value)
        guard question.form == .secret else { return }
        text.set(question.path + "_file", nil)
    }

    mutating func forget(_ questions: SetupQuestion...) {
        for question in questions { keep(.none, for: question) }
    }

    /// In the file. What the file says already stays as it is written.
    mutating func set(_ path: String, _ value: ConfigurationEntry.Value) {
        if value != .none, value == presentValue(path), !changed.contains(path) { return }
        changed.insert(path)
        if case .list(let elements) = value, elements.count == 1 {
            text.set(path, elements[0])
        } else {
            text.set(path, value == .none ? nil : value)
        }
    }

    /// Where what the present file says does not fit the phone system or the login.
    mutating func use(_ api: BridgeConfiguration.PhoneSystemAPI?) {
        guard api != self.api else { return }
        self.api = api
        set("Bridge.api", api.map { .text($0.rawValue) } ?? presentValue("Bridge.api") ?? .none)
    }

    func isGiven(_ path: String) -> Bool { presentValue(path) != nil }

    /// The only text, or all of a list; `nil` where there is none.
    func texts(_ question: SetupQuestion) -> [String] {
        (answers[question.path] ?? presentValue(question.path) ?? .none).words
    }

    /// As it is shown to somebody who may take it over.
    private func known(_ question: SetupQuestion) -> String? {
        let words = texts(question)
        guard !words.isEmpty else { return nil }
        return question.form == .secret ? "as before" : words.joined(separator: ", ").withoutControlCharacters
    }

    func presentValue(_ path: String) -> ConfigurationEntry.Value? {
        let entry = present?.entries.first { "\($0.section).\($0.key)" == path && $0.origin != .default }
        return entry.flatMap { $0.value == .none ? nil : $0.value }
    }

    /// With the answers so far.
    var configuration: BridgeConfiguration {
        var system = present?.configuration.phoneSystem ?? .init(host: "")
        var zammad = present?.configuration.zammad ?? .init(endpoint: Secret(""))
        func take(_ question: SetupQuestion, _ change: (String?) -> Void) {
            if let answer = answers[question.path] { change(answer.words.first) }
        }
        take(.host) { system.host = $0 ?? "" }
        take(.phoneSystemCA) { system.tlsCAFile = $0 }
        take(.clientID) { system.clientID = $0 }
        take(.clientSecret) { system.clientSecret = $0.map(Secret.init) }
        take(.user) { system.user = $0 }
        take(.password) { system.password = $0.map(Secret.init) }
        take(.endpoint) { zammad.endpoint = Secret($0 ?? "") }
        take(.zammadCA) { zammad.tlsCAFile = $0 }
        take(.apiToken) { zammad.apiToken = $0.map(Secret.init) }
        var configuration = BridgeConfiguration(phoneSystem: system, zammad: zammad)
        if let bridge = present?.configuration.bridge { configuration.bridge = bridge }
        if let api { configuration.bridge.api = api }
        return configuration
    }

    // MARK: - The end

    /// Shows what comes of it, and asks whether to write it.
    private mutating func finish() async throws(SetupEnd) -> Outcome {
        let effective = try await read()
        await terminal.say("\nWhat the bridge will see")
        let known: Set<CheckFinding.Subject> = [.connection, .tls, .login, .version, .licence, .interface]
        let findings = SetupFindings(terminal) { $0.level == .problem || !known.contains($0.subject) }
        _ = await probes.checkPhoneSystem(effective.configuration, findings.reporter)
        let code = await findings.exitCode
        if code != 0, !terminal.isInteractive { throw .refused(code) }
        await terminal.say("\nThe configuration, with secrets masked\n")
        for line in ConfigurationText(text.text).masked.split(separator: "\n", omittingEmptySubsequences: false) {
            await terminal.say(line.isEmpty ? "" : "    \(line)".withoutControlCharacters)
        }
        if terminal.isInteractive {
            let prompt =
                code == 0 ? "Write this to \(path)?" : "Something is wrong (✗). Write this to \(path) all the same?"
            guard try await confirm(prompt, usually: code == 0) else { throw .declined }
        }
        return Outcome(text: text.text, effective: effective)
    }

    /// The text as the bridge will read it.
    private func read() async throws(SetupEnd) -> EffectiveConfiguration {
        do throws(ConfigurationError) {
            let effective = try ConfigurationAnswer.read(text.text, path: path)
            for warning in effective.warnings {
                await terminal.show(.warning(.configuration, warning.message, remedy: warning.remedy))
            }
            return effective
        } catch {
            for problem in error.problems {
                await terminal.show(.problem(.configuration, .configuration, problem.message, remedy: problem.remedy))
            }
            if present != nil {
                await terminal.say("The present file is written in a way that setup cannot change; move it away.")
            }
            throw .refused(78)
        }
    }
}

extension ConfigurationEntry.Value {
    /// What it says, as texts.
    fileprivate var words: [String] {
        switch self {
        case .none: []
        case .boolean(let boolean): [boolean ? "true" : "false"]
        case .number(let text), .text(let text): text.isEmpty ? [] : [text]
        case .list(let elements): elements.flatMap(\.words)
        case .mapping(let fields): fields.flatMap(\.value.words)
        }
    }
}

extension SetupQuestion {
    /// Addresses may be typed as people say them.
    fileprivate func completed(_ text: String) -> String {
        let isAddress = path == Self.host.path || path == Self.endpoint.path
        return isAddress && !text.contains("://") && !text.isEmpty ? "https://\(text)" : text
    }
}

extension Optional<String> {
    fileprivate var orEmpty: String { self ?? "" }
}
