/// A Zammad user with the permission `cti.agent`.
struct ZammadAgent: Equatable, Sendable {
    let id: Int64
    let login: String
    /// The user's phone field; `answeringNumber` is compared with it as it stands, which is how extensions work.
    let phone: String
}
