/// A Zammad user whose screen may open.
package struct ZammadAgent: Equatable, Sendable {
    package let id: Int64
    package let login: String
    /// The user's phone field; `answeringNumber` is compared with it as it stands, which is how extensions work.
    package let phone: String
    package let email: String
    package let isActive: Bool
    /// `cti.agent`, which customers lack.
    package let isAgent: Bool

    package init(
        id: Int64, login: String, phone: String, email: String = "", isActive: Bool = true, isAgent: Bool = true
    ) {
        self.id = id
        self.login = login
        self.phone = phone
        self.email = email
        self.isActive = isActive
        self.isAgent = isAgent
    }
}
