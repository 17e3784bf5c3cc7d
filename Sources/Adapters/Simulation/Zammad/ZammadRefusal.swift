/// Why Zammad refuses a CTI request.
package enum ZammadRefusal: Error, Equatable {
    case featureDisabled
    case notConfigured
    case wrongToken
    case invalidDirection
    case alreadyExists
    case attributeRequired(String)
    /// The reason is only in Zammad's own log; the client gets a status and a random id.
    case internalError(status: Int)
    case malformedJSON
    case notRouted

    package var status: Int {
        switch self {
        case .featureDisabled, .notConfigured, .invalidDirection, .attributeRequired: 422
        case .wrongToken: 401
        case .alreadyExists, .malformedJSON: 500
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
        case .alreadyExists: "This object already exists."
        case .attributeRequired(let name): "Attribute '\(name)' required!"
        case .internalError, .malformedJSON: "Error ID \(errorID): Please contact your administrator."
        case .notRouted: "No route matches this path."
        }
    }

    /// Model validation errors come with a second key.
    package var hasHumanText: Bool {
        switch self {
        case .alreadyExists, .attributeRequired: true
        default: false
        }
    }
}
