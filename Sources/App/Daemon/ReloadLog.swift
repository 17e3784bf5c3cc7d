import Adapters
import Logging
import Ports

/// Says what reading the configuration again has changed, or why it has not.
struct ReloadLog: Sendable {
    let log: Logger

    func refused(_ problems: [String]) {
        for problem in problems { log.error("\(problem)") }
        log.error(
            "the new configuration is not used; the bridge keeps the one it has",
            metadata: ["problems": "\(problems.count)"])
    }

    func takenOver(_ effective: EffectiveConfiguration, _ changes: [ConfigurationChange]) {
        for warning in effective.warnings { log.warning("\(warning)") }
        for change in changes { say(change) }
        log.notice(
            "configuration read again",
            metadata: ["config": "\(effective.filePath ?? "environment")", "changes": "\(changes.count)"])
    }

    private func say(_ change: ConfigurationChange) {
        var metadata: Logger.Metadata = ["key": "\(change.key)"]
        if let old = change.old, let new = change.new {
            metadata["old"] = "\(old)"
            metadata["new"] = "\(new)"
        }
        if change.needsRestart {
            log.warning(
                "changed in the file only: it takes effect when the bridge is started again", metadata: metadata)
        } else {
            log.notice("changed", metadata: metadata)
        }
    }
}
