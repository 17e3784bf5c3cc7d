import Adapters
import Ports

/// What is said and asked once all is answered.
extension SetupDialogue {
    /// Shows what comes of it, and asks whether to write it.
    func finish() async throws(SetupEnd) -> Outcome {
        let effective = try await read()
        try await checkAnswers(effective)
        await warnOfLeftFlags()
        await terminal.say("\nWhat the bridge will see")
        let known: Set<CheckFinding.Subject> = [.connection, .tls, .login, .version, .licence, .interface]
        let findings = SetupFindings(terminal) { $0.level == .problem || !known.contains($0.subject) }
        _ = await probes.checkPhoneSystem(effective.configuration, findings.reporter)
        let code = await findings.exitCode
        if code != 0, !terminal.isInteractive { throw .refused(code) }
        await terminal.say("\nThe configuration, with secrets masked\n")
        let hidden = (present?.configuration.secrets ?? [:]).map(\.value)
        let shown = ConfigurationText(text.text).shown(effective, hiding: hidden)
        for line in shown.split(separator: "\n", omittingEmptySubsequences: false) {
            await terminal.say(line.isEmpty ? "" : "    \(line)".withoutControlCharacters)
        }
        if terminal.isInteractive {
            let prompt =
                code == 0 ? "Write this to \(path)?" : "Something is wrong (✗). Write this to \(path) all the same?"
            guard try await confirm(prompt, usually: code == 0) else { throw .declined }
        }
        return Outcome(text: text.text, effective: effective)
    }

    /// A file that is written in an unusual way may say after the change what it said before.
    private func checkAnswers(_ effective: EffectiveConfiguration) async throws(SetupEnd) {
        let secrets = effective.configuration.secrets
        let lost = changed.filter { path, value in
            let entry = effective.entries.first { "\($0.section).\($0.key)" == path }
            guard let entry else { return false }
            let isSecret = SetupQuestion.all.contains { $0.path == path && $0.form == .secret }
            if isSecret { return secrets[path]?.reveal() ?? "" != value.words.first ?? "" }
            let meaning = value == .none ? value : ConfigurationAnswer.meaning(path, value)
            return meaning == ConfigurationEntry.Value.none
                ? entry.origin != .default && entry.value != .none : entry.value != meaning
        }
        guard !lost.isEmpty else { return }
        await terminal.show(
            .problem(
                .configuration, .configuration,
                "\(path) is written in a way in which setup cannot change "
                    + lost.keys.sorted().joined(separator: ", "),
                remedy: Self.byHand))
        throw .refused(78)
    }

    private static let byHand = "edit it by hand (docs/configuration.md), or move it away and start setup again"

    private func warnOfLeftFlags() async {
        for question in SetupQuestion.all where given[question.path] != nil {
            await terminal.show(
                .warning(
                    .configuration, "\(question.flag) was not needed and is not in the file",
                    remedy: "leave it out, or write \(question.path) into the file by hand"))
        }
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
                await terminal.show(
                    .problem(
                        .configuration, .configuration,
                        "\(path) is written in a way in which setup cannot change it", remedy: Self.byHand))
            }
            throw .refused(78)
        }
    }
}
