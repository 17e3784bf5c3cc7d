/// A customer whose number Zammad knows, in bare E.164 digits.
struct ZammadCustomer: Equatable, Sendable {
    let number: String
    let name: String
}
