/// The command line as the parser itself describes it (`--experimental-dump-help`); the documentation is made of this,
/// so that it cannot say anything else.
struct ToolDescription: Decodable {
    let command: Command

    struct Command: Decodable {
        let commandName: String
        let shouldDisplay: Bool
        let abstract: String?
        let discussion: String?
        let subcommands: [Command]?
        let arguments: [Argument]?

        /// Without `help`, which every command has.
        var shownSubcommands: [Command] { (subcommands ?? []).filter { $0.shouldDisplay && $0.commandName != "help" } }

        /// Without `--help` and `--version`, which are told once.
        var shownArguments: [Argument] {
            (arguments ?? []).filter { argument in
                argument.shouldDisplay && !argument.spellings.contains { ["--help", "--version"].contains($0) }
            }
        }
    }

    struct Argument: Decodable {
        enum Kind: String, Decodable {
            case positional
            case option
            case flag
        }

        struct Name: Decodable {
            /// `long`, `short`, or `longWithSingleDash`.
            let kind: String
            let name: String
        }

        let kind: Kind
        let shouldDisplay: Bool
        let isOptional: Bool
        let isRepeating: Bool
        let names: [Name]?
        let valueName: String?
        let defaultValue: String?
        let abstract: String?
        let discussion: String?

        /// `-c`, `--config`
        var spellings: [String] {
            (names ?? []).sorted { $0.kind == "short" && $1.kind != "short" }.map { name in
                (name.kind == "long" ? "--" : "-") + name.name
            }
        }
    }
}
