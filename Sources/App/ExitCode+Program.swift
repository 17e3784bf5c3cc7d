import ArgumentParser
import Ports

/// The exit codes that the documentation promises, after BSD's sysexits.
extension ExitCode {
    /// What was expected is not what happened.
    static let expectationFailed = ExitCode(1)
    /// EX_DATAERR
    static let badInputData = ExitCode(65)
    /// EX_UNAVAILABLE
    static let unreachable = ExitCode(69)
    /// EX_NOPERM
    static let credentialsRefused = ExitCode(77)
    /// EX_IOERR: the state directory or the journal in it, or a file that cannot be written.
    static let journalUnusable = ExitCode(74)
    /// EX_CONFIG
    static let configuration = ExitCode(78)

    /// Says why the command ends in this way, on one line.
    func saying(_ error: String) -> ExitCode {
        StandardStreams.printMessage("error: \(error.withoutControlCharacters)")
        return self
    }

    /// For a poll of 3CX that failed.
    init(_ kind: PollFailure.Kind) {
        switch kind {
        case .unreachable, .interfaceMissing, .malformedAnswer, .cancelled: self = .unreachable
        case .credentialsRefused, .permissionMissing: self = .credentialsRefused
        case .configuration: self = .configuration
        }
    }
}
