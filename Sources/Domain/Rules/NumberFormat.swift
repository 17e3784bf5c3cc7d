/// The form in which external numbers go to Zammad.
package enum NumberFormat: String, CaseIterable, Sendable, Codable {
    /// `+49…`, `0049…` and `49…` become `0…`, all else stays: what the reference bridge does.
    case national
    /// Digits with country code and without plus: the only form in which Zammad's customer match, block list and later
    /// adoption of log rows all work (seen in Zammad's `Cti::CallerId`).
    case e164
    /// As the PBX gives it.
    case asIs = "as_is"
}
