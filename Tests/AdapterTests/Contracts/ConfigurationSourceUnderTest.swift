import Foundation
import Ports
import Testing

@testable import Adapters

/// Every source of settings there is, with the text of a configuration in the place where it looks.
struct ConfigurationSourceUnderTest: Sendable, CustomTestStringConvertible {
    static let all = [
        ConfigurationSourceUnderTest(testDescription: "YAML file by name") { text, folder in
            let path = folder.appending(path: "bridge.yaml").path
            try Data(text.utf8).write(to: URL(filePath: path))
            return YAMLConfigurationSource(path: path)
        },
        ConfigurationSourceUnderTest(testDescription: "YAML file by search") { text, folder in
            let path = folder.appending(path: "config.yaml").path
            try Data(text.utf8).write(to: URL(filePath: path))
            return YAMLConfigurationSource(candidates: [folder.appending(path: "nowhere.yaml").path, path])
        },
    ]

    let testDescription: String
    let make: @Sendable (_ text: String, _ folder: URL) throws -> YAMLConfigurationSource
}
