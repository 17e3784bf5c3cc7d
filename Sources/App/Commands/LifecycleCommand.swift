import ArgumentParser
import Domain

struct LifecycleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lifecycle",
        abstract: "Print the life of a call: all states, and what leads from one to the next (Markdown).")

    func run() async throws {
        StandardStreams.printData(CallTransition.markdown)
    }
}
