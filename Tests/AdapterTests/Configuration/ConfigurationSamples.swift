import Foundation
import Ports

@testable import Adapters

/// Configurations and shortcuts that the suites of this folder share.
enum ConfigurationSamples {
    /// What an operator of the reference bridge has, with both pairs of credentials.
    static let reference = """
        Bridge:
          poll_interval: 0.5
        3CX:
          user: "admin"
          pass: "secret-pass"
          group: "Support Team"
          client_id: bridge
          client_secret: secret-client
          host: "https://pbx.example.com/"
          extension_digits: 3
          trunk_digits: 5
          queue_extension: 816
          country_prefix: 49
        Zammad:
          endpoint: "https://zammad.example.com/api/v1/cti/secret-token"
          log_missed_queue_calls: yes
        """

    /// Six lines without warnings; tests add lines or replace some.
    static let minimal = """
        3CX:
          host: https://pbx.example.com
          client_id: bridge
          client_secret: secret-client
        Zammad:
          endpoint: https://zammad.example.com/api/v1/cti/secret-token
        """

    static let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    static func load(
        _ text: String, environment: [String: String] = [:]
    ) throws(ConfigurationError) -> EffectiveConfiguration {
        try load(Array(text.utf8), environment: environment)
    }

    static func load(
        _ bytes: [UInt8], environment: [String: String] = [:]
    ) throws(ConfigurationError) -> EffectiveConfiguration {
        try YAMLConfigurationSource(environment: environment).load(bytes, path: "c.yaml")
    }

    /// All problems, one a line; empty when the text loads.
    static func errors(_ text: String, environment: [String: String] = [:]) -> String {
        do {
            _ = try load(text, environment: environment)
            return ""
        } catch {
            return error.description
        }
    }

    /// A folder of its own for one test, removed afterwards.
    static func withFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appending(path: "configuration-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        return try body(folder)
    }
}
