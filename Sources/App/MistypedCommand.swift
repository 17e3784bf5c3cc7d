import Adapters
import ArgumentParser
import Ports

/// A subcommand that does not exist but looks like one that does.
enum MistypedCommand {
    /// What to tell the operator; `nil` where the arguments are as they should be, or wrong in another way.
    static func complaint(about arguments: [String], to root: any ParsableCommand.Type) -> String? {
        var (command, path) = (root, [root._commandName])
        var isRoot = true
        for argument in arguments {
            let known = command.configuration.subcommands
            guard !known.isEmpty, !argument.hasPrefix("-") else { return nil }
            if argument == "help", isRoot { continue }
            if let next = known.first(where: { $0.names.contains(argument) }) {
                command = next
                path.append(argument)
                isRoot = false
                continue
            }
            let names = known.filter { $0.configuration.shouldDisplay }.flatMap { $0.names } + (isRoot ? ["help"] : [])
            guard let nearest = NearestName.nearest(to: argument, among: names) else { return nil }
            let parent = path.joined(separator: " ")
            return """
                error: \(parent) has no command '\(argument.withoutControlCharacters)'; did you mean '\(nearest)'?
                Usage: \(parent) <subcommand>
                  See '\(parent) --help' for more information.
                """
        }
        return nil
    }
}

extension ParsableCommand {
    fileprivate static var names: [String] { [_commandName] + configuration.aliases }
}
