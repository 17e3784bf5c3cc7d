/// A Zammad user with the permission `cti.agent`.
package struct ZammadAgent: Equatable, Sendable {
    package let id: Int64
    package let login: String
    /// The user's phone field; `answeringNumber` is compared with it as it stands, which is how extensions work.
    package let phone: String

    package init(id: Int64, login: String, phone: String) {
        self.id = id
        self.login = login
        self.phone = phone
    }
}
