package import Ports
import Wire

/// Settings from a YAML file, the environment and systemd's credentials.
///
/// Of several sources for a key the first of these counts: environment, file (with the files that its `…_file` keys
/// name), credentials directory, default.
package struct YAMLConfigurationSource: Sendable {
    package static let defaultCandidates = [
        "/etc/3cx-zammad-bridge/config.yaml",
        "/opt/3cx-zammad-bridge/config.yaml",
        "./config.yaml",
    ]

    private let path: String?
    private let candidates: [String]
    private let environment: [String: String]

    /// - Parameters:
    ///   - path: The file to read; `nil` to read the first that exists of `candidates`.
    ///   - environment: The environment of the process; `ZAMMADBRIDGE_…` and `CREDENTIALS_DIRECTORY` are read.
    package init(
        path: String? = nil,
        candidates: [String] = defaultCandidates,
        environment: [String: String] = [:]
    ) {
        self.path = path
        self.candidates = candidates
        self.environment = environment
    }

    /// Reads, merges and checks all settings.
    ///
    /// The error names every problem found, not only the first, so that one look at it is enough to repair a file.
    package func load() throws(ConfigurationError) -> EffectiveConfiguration {
        guard let (path, bytes) = try findFile() else { return try loadWithoutFile() }
        return try load(bytes, path: path)
    }

    /// Merges and checks the settings, with `bytes` being the content of the file at `path`.
    func load(_ bytes: [UInt8], path: String) throws(ConfigurationError) -> EffectiveConfiguration {
        var findings = Findings()
        guard let document = YAMLDocument.parse(bytes, file: path, findings: &findings) else {
            throw ConfigurationError(problems: Findings.sorted(findings.problems))
        }
        let file = FileLayer(document: document, path: path, findings: &findings)
        guard case .mapping = document.content else {
            throw ConfigurationError(problems: Findings.sorted(findings.problems))
        }
        return try evaluate(file, path: path, &findings)
    }

    private func loadWithoutFile() throws(ConfigurationError) -> EffectiveConfiguration {
        let missing = ConfigurationProblem(
            "no configuration file found, looked for \(candidates.joined(separator: ", "))", at: nil,
            remedy: "write one with zammadbridge setup, or name one with --config")
        var findings = Findings()
        do {
            return try evaluate(FileLayer(), path: nil, &findings)
        } catch {
            let isInEnvironment = environment.keys.contains { $0.hasPrefix(ConfigurationKey.environmentPrefix) }
            throw ConfigurationError(problems: [missing] + (isInEnvironment ? error.problems : []))
        }
    }

    private func evaluate(
        _ file: FileLayer, path: String?, _ findings: inout Findings
    ) throws(ConfigurationError) -> EffectiveConfiguration {
        let variables = OverrideLayers.environment(environment, file, &findings)
        let directory = environment["CREDENTIALS_DIRECTORY"].flatMap { $0.isEmpty ? nil : $0 }
        let start = path.map { ConfigurationLocation.position(file: $0, line: 1, column: 1) }
        let passes = (0..<file.passes).map { pass in
            var layers = [variables[pass], file.layer(pass)]
            if let directory { layers.append(OverrideLayers.credentials(directory, file, pass, &findings)) }
            let settings = SettingsReading(layers, &findings)
            CrossChecks(settings: settings, sections: file.locations(pass), startOfFile: start).run(&findings)
            return settings
        }
        let assembly = ConfigurationAssembly(passes: passes, file: file)
        assembly.check(&findings)
        let configuration = assembly.configuration
        let tests = ConfigurationTestReader(findings.problems.isEmpty ? configuration : nil).read(file.tests, &findings)
        guard findings.problems.isEmpty else {
            // What is missing may be there, and lost: that comes first.
            throw ConfigurationError(
                problems: Findings.sorted(findings.losses) + Findings.sorted(findings.problems))
        }
        return EffectiveConfiguration(
            configuration: configuration, warnings: Findings.sorted(findings.warnings), filePath: path,
            entries: assembly.entries, tests: tests)
    }

    /// The first file that exists, also when it cannot be read: a later one must not be taken in its place unnoticed.
    private func findFile() throws(ConfigurationError) -> (path: String, bytes: [UInt8])? {
        for candidate in path.map({ [$0] }) ?? candidates {
            do {
                return (candidate, try BoundedFile.read(candidate, limit: YAMLDocument.maximumBytes))
            } catch .notFound where path == nil {
                continue
            } catch {
                throw ConfigurationError(problems: [Self.problem(error, candidate)])
            }
        }
        return nil
    }

    static func problem(_ failure: BoundedFile.Failure, _ path: String) -> ConfigurationProblem {
        let remedy =
            switch failure {
            case .notFound: "check the path given with --config"
            case .isDirectory: "name the file in it, for example \(path)/config.yaml"
            case .tooLarge: "check that it is a configuration file"
            case .mayHang: "write the configuration into a file"
            case .unreadable: "check that the bridge's user may read it"
            }
        return ConfigurationProblem("the configuration file \(failure.description)", at: .file(path), remedy: remedy)
    }
}
