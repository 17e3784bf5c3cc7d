/// docs/cli.md, made of the program's own command line.
struct CommandReference {
    let tool: ToolDescription

    private static let start = """
        # Command line

        Printed by `zammadbridge manual cli`; a test compares this page with the program. `zammadbridge help` and
        `man zammadbridge` say the same. In a clone `swift run app` stands for `zammadbridge`.
        """

    var text: String {
        let root = tool.command
        var parts = [Self.start] + paragraphs(root.discussion)
        parts.append("Each command knows `-h`, `--help`; the program itself `--version`.")
        let commands = root.shownSubcommands
        parts.append(
            table(
                ["command", "what it does"],
                commands.map { ["[`\($0.commandName)`](#\(root.commandName)-\($0.commandName))", $0.abstract ?? ""] }))
        for command in commands { parts += section(command, under: root.commandName, level: 2) }
        return parts.joined(separator: "\n\n") + "\n"
    }

    private func section(_ command: ToolDescription.Command, under parent: String, level: Int) -> [String] {
        let name = "\(parent) \(command.commandName)"
        var parts = [String(repeating: "#", count: level) + " \(name)"]
        if let abstract = command.abstract { parts.append(abstract) }
        if command.shownSubcommands.isEmpty { parts.append("```sh\n\(usage(command, name))\n```") }
        parts += paragraphs(command.discussion)
        let rows = command.shownArguments.map { [head(of: $0), meaning(of: $0)] }
        if !rows.isEmpty { parts.append(table(["argument", "meaning"], rows)) }
        for subcommand in command.shownSubcommands { parts += section(subcommand, under: name, level: level + 1) }
        return parts
    }

    private func usage(_ command: ToolDescription.Command, _ name: String) -> String {
        let values = command.shownArguments.filter { $0.kind == .positional }.map { argument in
            let value = (argument.valueName ?? "value").uppercased() + (argument.isRepeating ? "…" : "")
            return argument.isOptional ? "[\(value)]" : value
        }
        let hasOptions = command.shownArguments.contains { $0.kind != .positional }
        return ([name] + (hasOptions ? ["[options]"] : []) + values).joined(separator: " ")
    }

    private func head(of argument: ToolDescription.Argument) -> String {
        let value = argument.valueName ?? "value"
        switch argument.kind {
        case .positional: return "`\(value.uppercased())`"
        case .flag: return argument.spellings.map { "`\($0)`" }.joined(separator: ", ")
        case .option:
            return argument.spellings.map { "`\($0) \(value.uppercased())`" }.joined(separator: ", ")
        }
    }

    private func meaning(of argument: ToolDescription.Argument) -> String {
        var texts = [argument.abstract, argument.discussion].compactMap { $0 }
        if let defaultValue = argument.defaultValue, argument.kind == .option {
            texts.append("Default: `\(defaultValue)`.")
        }
        return texts.joined(separator: " ")
    }

    private func paragraphs(_ text: String?) -> [String] {
        (text ?? "").split(separator: "\n\n").map(String.init)
    }

    private func table(_ head: [String], _ rows: [[String]]) -> String {
        let lines = ([head, head.map { _ in "---" }] + rows).map { row in
            "| " + row.map { $0.replacing("|", with: "\\|").replacing("\n", with: " ") }.joined(separator: " | ") + " |"
        }
        return lines.joined(separator: "\n")
    }
}
