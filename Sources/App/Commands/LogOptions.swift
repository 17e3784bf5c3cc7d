import Adapters
import ArgumentParser
import Logging

/// How much is logged and how; the flags are those of the reference bridge.
struct LogOptions: ParsableArguments {
    @Option(name: [.customShort("f"), .long], help: "Log format: json or plain.")
    var logFormat: LogFormat = .json

    @Flag(name: .shortAndLong, help: "Log more, and phone numbers in full.")
    var verbose = false

    @Flag(help: "Log all requests and answers too, with secrets, names and numbers masked (numbers in full with -v).")
    var trace = false

    var level: Logger.Level { trace ? .trace : verbose ? .debug : .info }

    func logger(_ output: LogOutput = StandardStreams.messages) -> Logger {
        let (format, level) = (logFormat, level)
        let hasPriorities = StandardStreams.messagesGoToJournal
        return Logger(label: "bridge") { _ in
            LineLogHandler(format: format, logLevel: level, output: output, hasPriorities: hasPriorities)
        }
    }
}

extension LogFormat: ExpressibleByArgument {}
