/// Reads `application/x-www-form-urlencoded`.
enum FormText {
    /// The first value of a field; `nil` if it is missing or no UTF-8.
    static func value(_ name: String, in form: String) -> String? {
        for pair in form.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                .map { String($0).replacing("+", with: " ").percentDecoded }
            if parts.count == 2, parts[0] == name { return parts[1] }
        }
        return nil
    }
}
