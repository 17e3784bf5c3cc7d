package import Ports

/// The e-mail addresses that a view reads from the PBX.
package struct PhoneSystemEmails: AgentEmails {
    private let view: any PhoneSystemView

    /// `nil` for an interface that has none.
    package init?(_ view: any PhoneSystemView, of api: BridgeConfiguration.PhoneSystemAPI) {
        guard api == .auto || api == .xapi else { return nil }
        self.view = view
    }

    package func emails() async -> [String: String] {
        await view.emails()
    }
}
