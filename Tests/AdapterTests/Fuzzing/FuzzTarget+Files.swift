import FoundationEssentials
import Ports

@testable import Adapters

extension FuzzTarget {
    static let files = [
        FuzzTarget(name: "configuration") { bytes in
            do throws(ConfigurationError) {
                _ = try YAMLConfigurationSource().load(bytes, path: "config.yaml")
            } catch {
                try expect(!error.problems.isEmpty, "refused without a reason")
            }
        },
        FuzzTarget(name: "fixture") { bytes in
            let file: FixtureFile
            do throws(FixtureFile.Failure) {
                file = try FixtureFile(bytes, path: "fixture.json")
            } catch {
                try expect(!error.description.isEmpty, "refused without a reason")
                return
            }
            _ = try FixtureFile(Array(file.text(expecting: []).utf8), path: "fixture.json")
        },
        FuzzTarget(name: "status-events") { bytes in
            var whole = ServerSentEventParser()
            let atOnce = try whole.feed(bytes)
            var pieces = ServerSentEventParser()
            let half = bytes.count / 2
            let inTwo = try pieces.feed(bytes[..<half]) + pieces.feed(bytes[half...])
            try expect(atOnce == inTwo, "otherwise in two pieces than in one")
        },
    ]
}
