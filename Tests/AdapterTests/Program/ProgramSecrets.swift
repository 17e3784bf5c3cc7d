/// Values that must never be printed; whatever the program says is searched for them.
enum ProgramSecrets {
    static let password = "marker-password-51c2"
    static let clientSecret = "marker-client-secret-8e07"
    static let endpointToken = "marker-endpoint-token-3fd9"
    static let apiToken = "marker-api-token-77aa"

    static let all = [password, clientSecret, endpointToken, apiToken]
}
