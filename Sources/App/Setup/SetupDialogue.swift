import Adapters
import Ports

/// The conversation in which a configuration comes about: what is asked, in which order, and what is said about it. It
/// touches neither a terminal nor a file nor the network.
struct SetupDialogue {
    struct Outcome: Sendable {
        var text: String
        var effective: EffectiveConfiguration
    }

    let terminal: any SetupTerminal
    let probes: any SetupProbes
    let path: String
    /// What the present file says; `nil` if there is none that can be read.
    let present: EffectiveConfiguration?
    /// Answers that are there before they are asked for, by path; each is used once.
    private(set) var given: [String: ConfigurationEntry.Value]
    /// By path; `.none` for what there is to be none of. What is taken over from the present file is not in it.
    private var answers: [String: ConfigurationEntry.Value] = [:]
    private(set) var text: ConfigurationText
    private var explained: Set<String> = []
    /// What was set in the text, by path; `.none` for what was removed.
    private(set) var changed: [String: ConfigurationEntry.Value] = [:]
    /// Which interface of 3CX is to be used; `nil`: what the present file says.
    private var api: BridgeConfiguration.PhoneSystemAPI?

    private static let placeholder = "replace-with-the-"
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
        for (path, secret) in present?.configuration.secrets ?? [:] {
            let words = secret.reveal().split(separator: "/").last ?? ""
            if words.hasPrefix(Self.placeholder) { answers[path] = ConfigurationEntry.Value.none }
        }
    }

    mutating func run() async throws(SetupEnd) -> Outcome {
        let isVersion20 = try await findPhoneSystem()
        let survey = try await logIn(isVersion20)
        forgetPlaceholders()
        try await chooseWatched(survey, isVersion20)
        try await chooseNumbers()
        try await findZammad()
        try await chooseTickets()
        if !isGiven("Zammad.log_missed_queue_calls") { set("Zammad.log_missed_queue_calls", .boolean(true)) }
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
            let prompt = question.title + ((known ?? question.usual).map { " [\($0)]" } ?? "") + ": "
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

    /// With what was found: says no more where nobody can answer otherwise, and asks for the certificate that may be
    /// missing.
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
        var value: ConfigurationEntry.Value =
            if case .list = value { .list(words.map { .text($0) }) } else { .text(words.first ?? "") }
        let problems = ConfigurationAnswer.problems(question.path, value)
        for problem in problems {
            await terminal.show(.problem(.configuration, .configuration, problem.message, remedy: problem.remedy))
        }
        guard problems.isEmpty else { return false }
        // +49 and 0049 are 49, also where numbers are shown before the file is read.
        if question.path == SetupQuestion.country.path {
            value = ConfigurationAnswer.meaning(question.path, value) ?? value
        }
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

    mutating func forget(_ questions: [SetupQuestion]) {
        for question in questions { keep(.none, for: question) }
    }

    /// Of a login that is not used, what the example has in its place.
    private mutating func forgetPlaceholders() {
        for questions in PhoneSystemLogin.Credentials.allCases.map(\.questions) {
            let isUnused = questions.contains { answers[$0.path] == ConfigurationEntry.Value.none && isGiven($0.path) }
            if isUnused { forget(questions) }
        }
    }

    /// In the file. What the file says already stays as it is written.
    mutating func set(_ path: String, _ value: ConfigurationEntry.Value) {
        if value != .none, value == presentValue(path), changed[path] == nil { return }
        changed[path] = value
        if case .list(let elements) = value, elements.count == 1 {
            text.set(path, elements[0])
        } else {
            text.set(path, value == .none ? nil : value)
        }
    }

    /// The interface that the present file names stays where this login is one of its own.
    mutating func use(_ login: PhoneSystemLogin) {
        let present = present?.configuration.bridge.api ?? .auto
        let fits = present.interface.logins.contains(login)
        // A user of the web client may use XAPI alone, so that there is nothing to find out.
        let api: BridgeConfiguration.PhoneSystemAPI? = login == .webClient ? .xapi : fits ? nil : .auto
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
}

extension ConfigurationEntry.Value {
    /// What it says, as texts.
    var words: [String] {
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
