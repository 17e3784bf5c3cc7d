/// What a scripted PBX answers now, by `METHOD /path`.
package struct ScriptedAnswers: Sendable {
    /// What a login before v20 sets.
    package static let cookie = "session=fixture; path=/"

    /// Logins that work.
    private static let logins = Dictionary(
        uniqueKeysWithValues: PhoneSystemLogin.allCases.map { login in
            let (contentType, body) = login.acceptance
            return ("POST \(login.path)", ScriptedAnswer(contentType: contentType, body: Array(body.utf8)))
        })

    private var answers: [String: ScriptedAnswer] = [:]

    /// None.
    init() {}

    /// `setup`: besides a login that works, which keeps fixtures short.
    package init(setup: [String: ScriptedAnswer]) {
        answers = Self.logins.merging(setup) { _, given in given }
    }

    /// Each is valid until another takes its place.
    package mutating func take(_ new: [String: ScriptedAnswer]) {
        answers.merge(new) { _, new in new }
    }

    package mutating func remove(_ keys: [String]) {
        for key in keys { answers[key] = nil }
    }

    /// The answer for the whole target with a body in the form of `FixtureJSON`, else for any body, else for the path
    /// alone; `nil` if there is none.
    package func answer(_ method: String, _ target: String, body: String? = nil) -> ScriptedAnswer? {
        body.flatMap { answers["\(method) \(target) \($0)"] } ?? answers["\(method) \(target)"]
            ?? answers["\(method) \(target.prefix { $0 != "?" })"]
    }
}

extension ScriptedAnswer {
    /// To what nobody has thought of.
    package static let notFound = ScriptedAnswer(status: 404, contentType: nil)
}
