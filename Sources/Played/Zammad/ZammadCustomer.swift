/// A customer whose number Zammad knows, in bare E.164 digits.
package struct ZammadCustomer: Equatable, Sendable {
    package let number: String
    package let name: String

    package init(number: String, name: String) {
        self.number = number
        self.name = name
    }
}
