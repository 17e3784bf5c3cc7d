/// A Zammad user with the permission `cti.agent`.
package struct ZammadAgent: Equatable, Sendable {
    package let id: Int64
    package let login: String
    /// The user's phone field; `answeringNumber` is compared with it as it stands, which is how extensions work.
    package let phone: String
    package let email: String
    package let isActive: Bool

    package init(id: Int64, login: String, phone: String, email: String = "", isActive: Bool = true) {
        self.id = id
        self.login = login
        self.phone = phone
        self.email = email
        self.isActive = isActive
    }
}
