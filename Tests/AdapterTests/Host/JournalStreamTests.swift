import Foundation
import Logging
import Testing

@testable import Adapters

@Suite("In the system's journal")
struct JournalStreamTests {
    @Test("a line begins with its priority", arguments: LogFormat.allCases)
    func priorities(_ format: LogFormat) throws {
        let pipe = Pipe()
        let log = Logger(label: "test") { _ in
            LineLogHandler(
                format: format, logLevel: .trace, output: .direct(pipe.fileHandleForWriting.fileDescriptor),
                hasPriorities: true)
        }
        for level in Logger.Level.allCases { log.log(level: level, "what\nhappened", metadata: ["with": "it\nall"]) }
        try pipe.fileHandleForWriting.close()
        let text = String(decoding: try #require(try pipe.fileHandleForReading.readToEnd()), as: UTF8.self)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.map { $0.prefix(3) } == ["<7>", "<7>", "<6>", "<5>", "<4>", "<3>", "<2>", ""])
    }

    @Test("a stream is known by device and inode, not by the variable alone")
    func connection() throws {
        let (journal, file) = (Pipe(), Pipe())
        let descriptor = journal.fileHandleForWriting.fileDescriptor
        let identity = try #require(JournalStream.identity(of: descriptor))
        // The kernel shows the inode of a pipe: `pipe:[4711]`.
        let link = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(descriptor)")
        #expect(link == "pipe:[\(identity.split(separator: ":")[1])]")
        let environment = ["JOURNAL_STREAM": identity]
        #expect(JournalStream.isJournal(descriptor, environment: environment))
        #expect(!JournalStream.isJournal(file.fileHandleForWriting.fileDescriptor, environment: environment))
        #expect(!JournalStream.isJournal(descriptor, environment: [:]))
        #expect(!JournalStream.isJournal(descriptor, environment: ["JOURNAL_STREAM": "nonsense"]))
        #expect(!JournalStream.isJournal(-1, environment: environment))
    }
}
