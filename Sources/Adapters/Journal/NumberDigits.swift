/// The digits by which calls are found in the history.
enum NumberDigits {
    /// Without everything else, and without zeros in front: national, international and E.164 forms then end alike.
    static func of(_ text: String) -> String {
        String(text.filter { $0.isASCII && $0.isNumber }.drop { $0 == "0" }.suffix(40))
    }
}
