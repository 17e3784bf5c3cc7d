import Adapters
import Ports

/// One thing that setup asks for: the key of the configuration that it becomes, its flag, and what is said about it.
struct SetupQuestion: Sendable {
    enum Form: Sendable {
        case text
        case secret
        /// Several, with commas between.
        case list
    }

    /// `Section.key`, or a part of what a key holds.
    let path: String
    let flag: String
    let form: Form
    let title: String
    /// What to know before answering; empty for none.
    let explanation: String
    /// What is usual.
    let usual: String?
    let isOptional: Bool

    private init(
        _ path: String, _ flag: String, _ title: String, form: Form = .text, usual: String? = nil,
        isOptional: Bool = false, _ explanation: String = ""
    ) {
        self.path = path
        self.flag = flag
        self.form = form
        self.title = title
        self.explanation = explanation
        self.usual = usual
        self.isOptional = isOptional
    }

    /// What was typed or given as a flag, as the value of the key.
    func value(_ text: String) -> ConfigurationEntry.Value {
        switch form {
        case .text, .secret: return .text(text)
        case .list:
            return .list(text.split(separator: ",").map { .text(String($0).trimmed) }.filter { $0 != .text("") })
        }
    }

    // MARK: - 3CX

    static let host = SetupQuestion(
        "3CX.host", "--host", "Address of 3CX",
        "As in a browser, with the port where there is one: https://pbx.example.com or https://pbx.example.com:5001.")
    static let phoneSystemCA = SetupQuestion(
        "3CX.tls_ca_file", "--3cx-ca-file", "File with the CA of 3CX's certificate (PEM)", isOptional: true,
        "Only if 3CX has a certificate of your own CA.")
    static let clientID = SetupQuestion(
        "3CX.client_id", "--client-id", "Client ID", usual: "zammadbridge",
        """
        In 3CX, as an administrator: Admin > Integrations > API > Add.
          1. Client ID: lower-case letters and digits, such as zammadbridge.
          2. Tick "3CX Call Control API Access", and add all extensions and queues that Zammad should see.
          3. Tick "3CX Configuration API Access" too: department System Wide, role System Administrator.
             With it the bridge knows groups, queues and names.
          4. Save, and copy the key: 3CX shows it once.
        Use this client for the bridge alone: a second program with the same client would end its login.
        """)
    static let clientSecret = SetupQuestion(
        "3CX.client_secret", "--client-secret-file", "API key that 3CX has shown", form: .secret)
    static let user = SetupQuestion("3CX.user", "--user", "User")
    static let password = SetupQuestion("3CX.pass", "--pass-file", "Password", form: .secret)
    static let group = SetupQuestion(
        "3CX.group", "--group", "Groups", form: .list, isOptional: true,
        "The groups whose members' calls Zammad should see: numbers or names from the list, with commas between.")
    static let queue = SetupQuestion(
        "3CX.queue_extension", "--queue", "Queues", form: .list, isOptional: true,
        "The queues whose waiting callers Zammad should see: their numbers, with commas between.")
    static let include = SetupQuestion(
        "3CX.include", "--include", "Only these extensions", form: .list, isOptional: true,
        "Enter for all of them, else those that count: 101, 103, 110-119, 2*.")
    static let extensionDigits = SetupQuestion(
        "3CX.extension_digits", "--extension-digits", "How many digits has an extension", usual: "3",
        "3CX does not show its extensions to this user, so the bridge tells them by their number of digits.")
    static let trunkDigits = SetupQuestion(
        "3CX.trunk_digits", "--trunk-digits", "How many digits has a trunk", usual: "5")
    static let country = SetupQuestion(
        "3CX.country_prefix", "--country", "Calling code of your country", "Such as 49, 43, 41, 44 or 1.")
    static let outsideLine = SetupQuestion(
        "3CX.outside_line_prefix", "--outside-line-prefix", "Digits for an outside line", isOptional: true,
        "If 3CX shows a 0 or 9 in front of every outside number, enter it; the bridge removes it. Else press Enter.")
    static let numberFormat = SetupQuestion(
        "3CX.number_format", "--number-format", "Form of the numbers", usual: "e164")

    // MARK: - Zammad

    static let endpoint = SetupQuestion(
        "Zammad.endpoint", "--endpoint-file", "Address of Zammad's endpoint", form: .secret,
        """
        In Zammad, as an administrator: Admin > System > Integrations > CTI (generic). Switch it on, and copy the
        endpoint's address. Its end is a secret, so it is not shown while you paste it.
        """)
    static let zammadCA = SetupQuestion(
        "Zammad.tls_ca_file", "--zammad-ca-file", "File with the CA of Zammad's certificate (PEM)", isOptional: true,
        "Only if Zammad has a certificate of your own CA.")
    static let apiToken = SetupQuestion(
        "Zammad.api_token", "--api-token-file", "API token of a Zammad user", form: .secret, isOptional: true,
        """
        Enter for none. With it the bridge can make tickets, and can ask Zammad whether an event arrived. In Zammad:
        Profile > Token Access > Create, with the permissions ticket.agent and cti.agent.
        """)
    static let tickets = SetupQuestion(
        "Zammad.tickets.create", "--tickets", "Tickets for calls", usual: "off",
        "A ticket for each missed call, in the customer's name, for every call, or none.")
    static let ticketGroup = SetupQuestion(
        "Zammad.tickets.group", "--ticket-group", "Group of the tickets", usual: "Users")

    /// All, in the order in which they are asked.
    static let all = [
        host, phoneSystemCA, clientID, clientSecret, user, password, group, queue, include, extensionDigits,
        trunkDigits, country, outsideLine, numberFormat, endpoint, zammadCA, apiToken, tickets, ticketGroup,
    ]
}

extension String {
    /// Without spaces around it.
    var trimmed: String {
        let start = drop(while: \.isWhitespace)
        return String(start.reversed().drop(while: \.isWhitespace).reversed())
    }
}

extension PhoneSystemLogin.Credentials {
    var questions: [SetupQuestion] {
        switch self {
        case .user: [.user, .password]
        case .client: [.clientID, .clientSecret]
        }
    }
}
