/// Why Zammad refuses a CTI request.
package enum ZammadRefusal: Error, Equatable {
    case featureDisabled
    case notConfigured
    case wrongToken
    case invalidDirection
    case alreadyExists
    /// The same, found by the database: of an id that was cut, and of the loser of two that came at once.
    case duplicateRow
    case attributeRequired(String)
    /// The reason is only in Zammad's own log; the client gets a status and a random id.
    case internalError(status: Int)
    case malformedJSON
    case notRouted
    case databaseDown

    package var status: Int {
        switch self {
        case .featureDisabled, .notConfigured, .invalidDirection, .attributeRequired, .duplicateRow: 422
        case .wrongToken: 401
        case .alreadyExists, .malformedJSON, .databaseDown: 500
        case .internalError(let status): status
        case .notRouted: 404
        }
    }

    /// The text for the client; `errorID` stands for the random id of an internal error.
    package func text(errorID: String) -> String {
        switch self {
        case .featureDisabled: "Feature is disabled, please contact your administrator!"
        case .notConfigured: "Feature not configured, please contact your admin!"
        case .wrongToken: "Invalid token, please contact your admin!"
        case .invalidDirection: "Invalid 'direction'!"
        case .alreadyExists, .duplicateRow: "This object already exists."
        case .attributeRequired(let name): "Attribute '\(name)' required!"
        case .internalError, .malformedJSON: "Error ID \(errorID): Please contact your administrator."
        case .databaseDown: "Internal Server Error"
        case .notRouted: "No route matches this path."
        }
    }

    /// Model validation errors come with a second key.
    package var hasHumanText: Bool {
        switch self {
        case .alreadyExists, .duplicateRow, .attributeRequired: true
        default: false
        }
    }
}
