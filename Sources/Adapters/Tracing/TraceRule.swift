/// How much of a value a trace shows. What no list names is a name: what a PBX or a Zammad may add one day is hidden
/// until somebody has looked at it.
enum TraceRule: Sendable {
    /// Ids, timestamps, counts: needed to follow a call, and never personal.
    case identifier
    /// One of a few words, or a DN; anything else is treated as a name.
    case word
    /// Sentences of a server, such as error texts.
    case text
    /// A path with ids in it.
    case path
    /// Names of people and lines, contacts, and whatever is not known.
    case name
    case secret

    /// The rule for the value of a key, however it is spelled: `party_caller_name`, `PartyCallerName`,
    /// `party-caller-name`.
    init(key: String) {
        let plain = Self.plain(key)
        if let known = Self.known[plain] {
            self = known
        } else if Self.secretParts.contains(where: plain.contains) {
            self = .secret
        } else {
            self = .name
        }
    }

    /// Whether the value of such a key is a secret even where only the text around it is left.
    static func isSecret(key: String) -> Bool {
        if case .secret = TraceRule(key: key) { true } else { false }
    }

    /// Its beginning, without what only separates its words, in small letters.
    static func plain(_ key: String) -> String {
        String(String.UnicodeScalarView(key.unicodeScalars.prefix(80).filter { !"_-.@$ ".unicodeScalars.contains($0) }))
            .lowercased()
    }

    /// `Token` of the web client's login is an object with known members, so that it is the only one of these words
    /// whose object is looked into.
    static func holdsMembers(key: String) -> Bool { plain(key) == "token" }

    private static let secretParts = [
        "pass", "secret", "token", "cookie", "authoriz", "apikey", "licensekey", "securitycode", "credential",
        "signature",
        "session", "jwt",
    ]

    private static let known: [String: TraceRule] = {
        let lists: [(TraceRule, String)] = [
            (.secret, "pin auth authid key otp license voicemailpin"),
            (
                .identifier,
                """
                id callid legid sequence requestid objectid groupid trunkid userid organizationid ownerid updatedbyid \
                createdbyid roleids groupids organizationids now servernow lastchangestatus establishedat lastused \
                lastbackupdatetime expirationdate createdat updatedat version expiresin eventtype statuscode enl count \
                odatacount start top skip limit itemsbypage httpport httpsport
                """
            ),
            (
                .word,
                """
                status type partydntype originatedbytype referredbytype onbehalfoftype tokentype granttype event \
                direction cause action state finalstatus code target productcode pollingstrategy clientid method dn \
                partydn originatedbydn referredbydn onbehalfofdn number from to queue answeringnumber partycallerid \
                partydid externalnumber didnumbers rolename simcalls maxsimcalls
                """
            ),
            (
                .text,
                """
                error errordescription errorhuman message detail details reason reasontext deviceid useragent host \
                fqdn webmeetingfqdn odatacontext odatanextlink filter select orderby expand
                """
            ),
            (.path, "entity path"),
        ]
        var known: [String: TraceRule] = [:]
        for (rule, keys) in lists {
            for key in keys.split(separator: " ") { known[String(key)] = rule }
        }
        return known
    }()
}
