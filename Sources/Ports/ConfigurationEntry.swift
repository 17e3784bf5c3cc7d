/// One effective setting, ready to be shown: secrets are masked before an entry is made.
package struct ConfigurationEntry: Equatable, Sendable {
    /// A value as it may be printed.
    package indirect enum Value: Equatable, Sendable {
        case none
        case boolean(Bool)
        /// A decimal literal, as it stands in YAML and JSON.
        case number(String)
        case text(String)
        case list([Value])
        case mapping([Field])
    }

    /// One pair of a mapping; an array of them keeps the operator's order.
    package struct Field: Equatable, Sendable {
        package let name: String
        package let value: Value

        package init(name: String, value: Value) {
            self.name = name
            self.value = value
        }
    }

    package let section: String
    /// What the entry is called where the section is a list; else `nil`.
    package let entry: String?
    package let key: String
    package let value: Value
    package let origin: ConfigurationOrigin
    /// What having no value means.
    package let note: String?

    package init(
        section: String, entry: String? = nil, key: String, value: Value, origin: ConfigurationOrigin, note: String?
    ) {
        self.section = section
        self.entry = entry
        self.key = key
        self.value = value
        self.origin = origin
        self.note = note
    }
}
