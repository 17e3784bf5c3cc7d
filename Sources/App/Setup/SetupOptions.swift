import Adapters
import ArgumentParser
import Ports

/// The answers that are given as flags.
struct SetupOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Address of 3CX, such as https://pbx.example.com.", valueName: "url"))
    var host: String?

    @Option(name: .customLong("3cx-ca-file"), help: ArgumentHelp("CA of 3CX's certificate (PEM).", valueName: "file"))
    var phoneSystemCAFile: String?

    @Option(help: ArgumentHelp("Client ID of the API client (version 20).", valueName: "id"))
    var clientID: String?

    @Option(help: ArgumentHelp("File with the key of the API client.", valueName: "file"))
    var clientSecretFile: String?

    @Option(
        help: ArgumentHelp("User of the web administration, or of the web client of version 20.", valueName: "name"))
    var user: String?

    @Option(help: ArgumentHelp("File with the password of --user.", valueName: "file"))
    var passFile: String?

    @Option(help: ArgumentHelp("Group whose calls Zammad should see; may be repeated.", valueName: "name"))
    var group: [String] = []

    @Option(help: ArgumentHelp("Queue whose callers Zammad should see; may be repeated.", valueName: "number"))
    var queue: [String] = []

    @Option(
        help: ArgumentHelp("Only these extensions: 101, 11*, 120-129; may be repeated.", valueName: "pattern"))
    var include: [String] = []

    @Option(
        help: ArgumentHelp("How many digits an extension has, if 3CX does not show its lists.", valueName: "number"))
    var extensionDigits: String?

    @Option(help: ArgumentHelp("How many digits a trunk has, if 3CX does not show its lists.", valueName: "number"))
    var trunkDigits: String?

    @Option(help: ArgumentHelp("Calling code of your country.", valueName: "code"))
    var country: String?

    @Option(help: ArgumentHelp("What 3CX shows in front of outside numbers.", valueName: "digits"))
    var outsideLinePrefix: String?

    @Option(help: ArgumentHelp("e164, national or as_is.", valueName: "form"))
    var numberFormat: String?

    @Option(help: ArgumentHelp("File with the address of Zammad's endpoint.", valueName: "file"))
    var endpointFile: String?

    @Option(help: ArgumentHelp("CA of Zammad's certificate (PEM).", valueName: "file"))
    var zammadCAFile: String?

    @Option(help: ArgumentHelp("File with the API token of a Zammad user.", valueName: "file"))
    var apiTokenFile: String?

    @Option(help: ArgumentHelp("Tickets for calls: off, missed or all.", valueName: "calls"))
    var tickets: String?

    @Option(help: ArgumentHelp("Zammad's group of the tickets.", valueName: "name"))
    var ticketGroup: String?

    /// By the paths of the questions; secrets are read from their files.
    func answers() throws(ConfigurationProblem) -> [String: ConfigurationEntry.Value] {
        let given: [(SetupQuestion, String?)] = [
            (.host, host), (.phoneSystemCA, phoneSystemCAFile), (.clientID, clientID),
            (.clientSecret, clientSecretFile), (.user, user), (.password, passFile),
            (.extensionDigits, extensionDigits), (.trunkDigits, trunkDigits), (.country, country),
            (.outsideLine, outsideLinePrefix), (.numberFormat, numberFormat), (.endpoint, endpointFile),
            (.zammadCA, zammadCAFile), (.apiToken, apiTokenFile), (.tickets, tickets),
            (.ticketGroup, ticketGroup),
        ]
        var answers: [String: ConfigurationEntry.Value] = [:]
        for (question, text) in given {
            guard let text else { continue }
            let isSecret = question.form == .secret
            answers[question.path] = .text(isSecret ? try ConfigurationAnswer.secret(at: text) : text)
        }
        for (question, texts) in [(SetupQuestion.group, group), (.queue, queue), (.include, include)]
        where !texts.isEmpty { answers[question.path] = .list(texts.map { .text($0) }) }
        return answers
    }
}
