import Domain
import Ports

@testable import Adapters

/// Settings and dial plans that the tests share.
enum PhoneSystemExamples {
    static let host = "https://pbx.example.net"
    static let secret = "top secret&ä+%"

    /// With the credentials of both generations unless told otherwise.
    static func settings(
        legacy: Bool = true, client: Bool = true, _ change: (inout BridgeConfiguration.PhoneSystem) -> Void = { _ in }
    ) -> PhoneSystemSettings {
        var phoneSystem = BridgeConfiguration.PhoneSystem(host: host)
        if legacy {
            phoneSystem.user = "admin"
            phoneSystem.password = Secret(#"pa"ss\wörd"#)
        }
        if client {
            phoneSystem.clientID = "zammadbridge"
            phoneSystem.clientSecret = Secret(secret)
        }
        phoneSystem.groups = ["Support"]
        change(&phoneSystem)
        let zammad = BridgeConfiguration.Zammad(endpoint: Secret("https://zammad.example.net/api/v1/cti/abc"))
        return PhoneSystemSettings(BridgeConfiguration(phoneSystem: phoneSystem, zammad: zammad))
    }

    /// What the lists of the samples say: trunk 10001, queues 80 and 82, ring group 800, extensions 100 to 102.
    static var listed: DialPlan {
        DialPlan(
            entries: [
                "10001": DialPlan.Entry(kind: .trunk, name: "SIP-Trunk Muster"),
                "80": DialPlan.Entry(kind: .queue, name: "Support"),
                "82": DialPlan.Entry(kind: .queue, name: "Sales"),
                "800": DialPlan.Entry(kind: .ringGroup, name: "Front desk"),
                "100": DialPlan.Entry(kind: .extension),
                "101": DialPlan.Entry(kind: .extension, name: "John Doe"),
                "102": DialPlan.Entry(kind: .extension, name: "Jane Roe"),
            ],
            monitored: ["101", "102", "80"],
            knowsTrunks: true
        )
    }

    static let digits = DialPlan(
        entries: ["101": DialPlan.Entry(kind: .extension, name: "John Doe")], monitored: ["101"], extensionDigits: 3,
        trunkDigits: 5)

    static let blank = DialPlan()
}
