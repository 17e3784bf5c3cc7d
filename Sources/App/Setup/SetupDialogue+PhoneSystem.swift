import Adapters
import Domain
import Ports

/// What is asked about 3CX.
extension SetupDialogue {
    /// - Returns: whether it is of version 20 or later.
    mutating func findPhoneSystem() async throws(SetupEnd) -> Bool {
        while true {
            try await ask(.host)
            if given[SetupQuestion.phoneSystemCA.path] != nil { try await ask(.phoneSystemCA) }
            let findings = SetupFindings(terminal)
            if let isVersion20 = await probes.isVersion20(configuration, findings.reporter) { return isVersion20 }
            try await tryAgain(findings, .phoneSystemCA)
        }
    }

    mutating func logIn(_ isVersion20: Bool) async throws(SetupEnd) -> PhoneSystemSurvey {
        while true {
            let login = isVersion20 ? try await chooseLogin() : .webAdministration
            switch login {
            case .webAdministration:
                await terminal.say("\nA login to the web administration (management console) of 3CX.")
            case .apiClient: break
            case .webClient:
                forget(PhoneSystemLogin.Credentials.client.questions)
                await terminal.say(
                    "\nA login to the web client. The user needs the role System Administrator, and no second factor.")
            }
            use(login)
            for question in login.credentials.questions { try await ask(question) }
            let findings = SetupFindings(terminal)
            if let survey = await probes.survey(configuration, findings.reporter) { return survey }
            try await tryAgain(findings, .phoneSystemCA)
        }
    }

    /// Of a 3CX v20.
    private mutating func chooseLogin() async throws(SetupEnd) -> PhoneSystemLogin {
        let isUserGiven = given[SetupQuestion.user.path] != nil
        let isClientGiven = given[SetupQuestion.clientID.path] != nil
        if isUserGiven != isClientGiven { return isClientGiven ? .apiClient : .webClient }
        let isUserKnown = !texts(.user).isEmpty && texts(.clientID).isEmpty
        let usual: PhoneSystemLogin = isUserKnown ? .webClient : .apiClient
        guard terminal.isInteractive else { return usual }
        await terminal.say(
            """

            How does the bridge log in to this 3CX?
              1  by an API client: recommended; the licence must be 8SC or larger, Enterprise (ENT/AI, ENT+)
              2  by user and password of the web client, for other licences. Untested on a real Professional licence:
                 try it, and tell us
            """)
        while true {
            let line = try await terminal.ask("Login [\(isUserKnown ? 2 : 1)]: ", isSecret: false).trimmed
            switch line {
            case "": return usual
            case "1": return .apiClient
            case "2": return .webClient
            default: continue
            }
        }
    }

    // MARK: - Who is watched

    mutating func chooseWatched(_ survey: PhoneSystemSurvey, _ isVersion20: Bool) async throws(SetupEnd) {
        let extensions = survey.stations.filter { $0.kind == .extension }
        let queues = survey.stations.filter { $0.kind == .queue || $0.kind == .ringGroup }
        if !isVersion20, extensions.isEmpty {
            try await ask(.extensionDigits)
            try await ask(.trunkDigits)
        }
        await terminal.say(
            "\n3CX shows " + Self.count(survey.groups.count, "group") + ", "
                + Self.count(queues.count, "queue or ring group", "queues and ring groups") + " and "
                + Self.count(extensions.count, "extension") + "."
                + (isVersion20 && terminal.isInteractive
                    ? "\nIf you choose no group and no queue, all of it is watched." : ""))
        while true {
            // What 3CX does not list may be there all the same.
            if !isVersion20 || !survey.groups.isEmpty || given[SetupQuestion.group.path] != nil {
                try await ask(.group, survey.groups.isEmpty ? nil : SetupMenu(survey.groups.map { ($0, "") }))
            }
            if !isVersion20 || !queues.isEmpty || given[SetupQuestion.queue.path] != nil {
                try await ask(.queue, queues.isEmpty ? nil : SetupMenu(queues.map { ($0.number, $0.name ?? "") }))
            }
            guard !isVersion20, terminal.isInteractive, texts(.group).isEmpty, texts(.queue).isEmpty else { break }
            await terminal.say("Choose at least one group or queue: without any, no call would be reported.")
        }
        try await chooseExtensions(extensions)
    }

    private mutating func chooseExtensions(_ extensions: [WatchList.Station]) async throws(SetupEnd) {
        guard extensions.count > 1 || given[SetupQuestion.include.path] != nil else { return }
        if terminal.isInteractive {
            let shown = extensions.prefix(Self.mostShown)
            await terminal.say("\nExtensions" + (shown.count < extensions.count ? ", the first \(shown.count)" : ""))
            for line in SetupMenu(shown.map { ($0.number, $0.name ?? "") }).lines { await terminal.say(line) }
        }
        try await ask(.include)
    }

    private static let mostShown = 60

    private static func count(_ number: Int, _ one: String, _ several: String? = nil) -> String {
        number == 0 ? "no \(one)" : number == 1 ? "1 \(one)" : "\(number) \(several ?? "\(one)s")"
    }

    // MARK: - Numbers

    mutating func chooseNumbers() async throws(SetupEnd) {
        try await ask(.country)
        if given[SetupQuestion.outsideLine.path] != nil { try await ask(.outsideLine) }
        let isFormatGiven = given[SetupQuestion.numberFormat.path] != nil
        guard terminal.isInteractive, !isFormatGiven else { return try await ask(.numberFormat) }
        let example = Self.examples[texts(.country).first ?? ""]
        await terminal.say("\nHow numbers look in Zammad. Type a number as 3CX shows it, for example in its call log.")
        let prompt = "Number" + (example.map { " [\($0)]" } ?? "") + ": "
        let typed = try await terminal.ask(prompt, isSecret: false).trimmed
        let number = typed.isEmpty ? example ?? "" : typed
        if !number.isEmpty, plan(.e164).full(number) == nil {
            await terminal.say("  \(number) is no number of +\(texts(.country).first ?? "") as it stands.")
            try await ask(.outsideLine)
        }
        let forms = [
            ("e164", "\(reported(number, .e164))  (recommended: Zammad finds customers by it)"),
            ("national", reported(number, .national)), ("as_is", reported(number, .asIs)),
        ]
        try await ask(
            .numberFormat, SetupMenu(forms, title: number.isEmpty ? nil : "3CX shows \(number). Zammad will get"))
    }

    private func plan(_ format: NumberFormat) -> NumberPlan {
        NumberPlan(
            countryPrefix: texts(.country).first, format: format, outsideLinePrefix: texts(.outsideLine).first ?? "")
    }

    private func reported(_ number: String, _ format: NumberFormat) -> String {
        number.isEmpty ? "" : plan(format).reported(number)
    }

    /// As people of that country write a number.
    private static let examples = [
        "49": "0301234567", "43": "015123456", "41": "0441234567", "1": "2125550123", "44": "02079460123",
        "33": "0123456789", "39": "0612345678", "31": "0201234567",
    ]
}
