import Foundation
import Ports
import Testing

@testable import Adapters

@Suite("Every configuration source")
struct ConfigurationSourceContractTests {
    @Test("gives the same settings at every load", arguments: ConfigurationSourceUnderTest.all)
    func loads(_ made: ConfigurationSourceUnderTest) throws {
        try ConfigurationSamples.withFolder { folder in
            let source = try made.make(ConfigurationSamples.reference, folder)
            let effective = try source.load()
            #expect(effective.configuration.phoneSystem.host == "https://pbx.example.com")
            #expect(effective.configuration.phoneSystem.password?.reveal() == "secret-pass")
            #expect(effective.configuration.zammad.logMissedQueueCalls)
            #expect(try source.load() == effective)
        }
    }

    @Test("tells every problem, where it is and what to do", arguments: ConfigurationSourceUnderTest.all)
    func problems(_ made: ConfigurationSourceUnderTest) throws {
        try ConfigurationSamples.withFolder { folder in
            let text = ConfigurationSamples.reference
                .replacing("poll_interval: 0.5", with: "poll_interval: -1")
                .replacing("trunk_digits", with: "trunk_digit")
            let error = try #require(throws: ConfigurationError.self) { try made.make(text, folder).load() }
            #expect(error.problems.count == 2)
            #expect(error.problems.allSatisfy { $0.location != nil && !$0.remedy.isEmpty && !$0.message.isEmpty })
        }
    }

    @Test("shows secrets to nobody", arguments: ConfigurationSourceUnderTest.all)
    func secrets(_ made: ConfigurationSourceUnderTest) throws {
        try ConfigurationSamples.withFolder { folder in
            let effective = try made.make(ConfigurationSamples.reference, folder).load()
            var dumped = ""
            dump(effective, to: &dumped)
            for text in ["\(effective)", "\(effective.entries)", dumped] {
                #expect(!text.contains("secret-"))
            }
        }
    }

    @Test("takes nothing from a source without the required settings", arguments: ConfigurationSourceUnderTest.all)
    func incomplete(_ made: ConfigurationSourceUnderTest) throws {
        try ConfigurationSamples.withFolder { folder in
            let error = try #require(throws: ConfigurationError.self) {
                try made.make("Bridge:\n  poll_interval: 1\n", folder).load()
            }
            #expect(error.description.contains("host") && error.description.contains("endpoint"))
        }
    }
}
