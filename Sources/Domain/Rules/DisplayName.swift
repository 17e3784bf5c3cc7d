/// Names from the PBX, made fit to be passed on.
package enum DisplayName {
    /// In Unicode scalars. Zammad cuts comments at 250 characters, and the names of several agents are joined into one.
    package static let longest = 80

    /// In Unicode scalars; what comes later in a text is not looked at.
    private static let longestText = 1000

    /// Without control characters and repeated blanks, cut to `longest`; `nil` if nothing is left.
    package static func clean(_ text: String?) -> String? {
        guard let text else { return nil }
        if isClean(text) { return text }
        var result = String.UnicodeScalarView()
        var count = 0
        var pendingBlank = false
        for scalar in text.unicodeScalars.prefix(longestText) {
            if scalar == " " || scalar.properties.generalCategory == .control {
                pendingBlank = count > 0
                continue
            }
            let needed = pendingBlank ? 2 : 1
            guard count + needed <= longest else { break }
            if pendingBlank { result.append(" ") }
            result.append(scalar)
            count += needed
            pendingBlank = false
        }
        return count == 0 ? nil : String(result)
    }

    /// Nearly all names are, and are kept as they are without a copy: one that is not plain ASCII is looked at more
    /// closely.
    private static func isClean(_ text: String) -> Bool {
        guard text.utf8.count <= longest else { return false }
        var followsBlank = true
        for byte in text.utf8 {
            guard UInt8(ascii: " ")...UInt8(ascii: "~") ~= byte else { return false }
            let isBlank = byte == UInt8(ascii: " ")
            if isBlank, followsBlank { return false }
            followsBlank = isBlank
        }
        return !followsBlank
    }

    /// In Unicode scalars. Zammad joins the names of a `newCall` with ", " in a column of 250 characters, and would cut
    /// in the middle of one.
    package static let longestList = 250

    /// As many of the first names as Zammad can store.
    package static func fitting(_ names: [String]) -> [String] {
        var count = 0
        return Array(
            names.prefix { name in
                count += name.unicodeScalars.count + (count > 0 ? 2 : 0)
                return count <= longestList
            })
    }
}
