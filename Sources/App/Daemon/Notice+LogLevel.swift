import Logging
import Ports

extension Notice {
    var logLevel: Logger.Level {
        switch level {
        case .debug: .debug
        case .info: .info
        case .warning: .warning
        }
    }
}
