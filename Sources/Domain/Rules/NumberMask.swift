/// Phone numbers are personal data.
package enum NumberMask {
    /// All but the last three characters hidden; a number too short to hide anything is hidden whole.
    package static func masked(_ number: String) -> String {
        number.count > 3 ? "•••" + number.suffix(3) : "•••"
    }
}
