/// The man page of the program, made of its own command line.
struct CommandManual {
    let tool: ToolDescription
    /// For the page's foot: the version, and the date where one is known.
    let version: String
    let date: String

    var text: String {
        let root = tool.command
        var lines = [
            ".TH \(root.commandName.uppercased()) 1 \"\(date)\" \"\(version)\" \"User Commands\"", ".SH NAME",
            "\(root.commandName) \\- \(ManualText.escaped(Self.withoutFullStop(root.abstract ?? "")))", ".SH SYNOPSIS",
        ]
        for (index, line) in root.shownSubcommands.flatMap({ synopsis($0, of: root.commandName) }).enumerated() {
            lines += index == 0 ? [line] : [".br", line]
        }
        lines.append(".SH DESCRIPTION")
        lines += ManualText.paragraphs(root.discussion ?? "", afterHeading: true)
        lines.append(".SH OPTIONS")
        lines += [
            ".TP", "\(ManualText.bold("-h")), \(ManualText.bold("--help"))", "Show help, also of each command.", ".TP",
            ManualText.bold("--version"), "Show the version.", ".SH COMMANDS",
        ]
        for command in root.shownSubcommands { lines += section(command, of: []) }
        lines += [".SH FILES"] + Self.files + [".SH SEE ALSO", ".BR 3cx\\-zammad\\-bridge.yaml (5)"]
        return lines.joined(separator: "\n") + "\n"
    }

    private static let files = [
        ".TP", "/etc/3cx\\-zammad\\-bridge/config.yaml", "The configuration.", ".TP",
        "/var/lib/3cx\\-zammad\\-bridge/journal.sqlite",
        "Live calls, events that Zammad does not have yet, and the history of calls.",
    ]

    private func synopsis(_ command: ToolDescription.Command, of parent: String) -> [String] {
        let name = "\(parent) \(command.commandName)"
        guard command.shownSubcommands.isEmpty else {
            return command.shownSubcommands.flatMap { synopsis($0, of: name) }
        }
        let values = command.shownArguments.filter { $0.kind == .positional }.map { argument in
            let value = ManualText.italic(argument.valueName ?? "value") + (argument.isRepeating ? " ..." : "")
            return argument.isOptional ? "[\(value)]" : value
        }
        return [([ManualText.bold(name), "[\\fIoptions\\fR]"] + values).joined(separator: " ")]
    }

    private func section(_ command: ToolDescription.Command, of parents: [String]) -> [String] {
        let path = parents + [command.commandName]
        var lines = [
            ".SS \(ManualText.escaped(path.joined(separator: " ")))", ManualText.markdown(command.abstract ?? ""),
        ]
        lines += ManualText.paragraphs(command.discussion ?? "")
        for argument in command.shownArguments { lines += item(argument) }
        for subcommand in command.shownSubcommands { lines += section(subcommand, of: path) }
        return lines
    }

    private func item(_ argument: ToolDescription.Argument) -> [String] {
        let value = argument.valueName.map { " " + ManualText.italic($0) } ?? ""
        let head: String =
            switch argument.kind {
            case .positional: ManualText.italic(argument.valueName ?? "value")
            case .option: argument.spellings.map(ManualText.bold).joined(separator: ", ") + value
            case .flag: argument.spellings.map(ManualText.bold).joined(separator: ", ")
            }
        var texts = [argument.abstract, argument.discussion].compactMap { $0 }.map(ManualText.markdown)
        if let defaultValue = argument.defaultValue, argument.kind == .option {
            texts.append("Default: \(ManualText.bold(defaultValue)).")
        }
        return [".TP", head, texts.joined(separator: " ")]
    }

    private static func withoutFullStop(_ text: String) -> String {
        text.hasSuffix(".") ? String(text.dropLast()) : text
    }
}
