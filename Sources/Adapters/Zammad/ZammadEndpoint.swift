package import Ports
import Wire

/// What the address of Zammad's CTI endpoint tells: the base of its other interfaces, and what of it is secret.
package struct ZammadEndpoint: Sendable, Equatable {
    private let url: Secret

    package init(_ url: Secret) {
        self.url = url
    }

    /// Scheme, host, port and, where Zammad lives below a path of its own, that path; without a slash at the end.
    /// `nil` for an address that is none.
    package var base: String? {
        guard let origin = HTTPOrigin(url.reveal()) else { return nil }
        let target = target
        guard let interface = target.firstRange(of: Self.interface) else { return "\(origin)" }
        return "\(origin)" + target[..<interface.lowerBound]
    }

    private static let interface = "/api/v1/cti/"

    private var target: String { HTTPOrigin.target(of: url.reveal()) }

    private var token: String { target.split { "/?".contains($0) }.last.map(String.init) ?? "" }

    /// What must not be repeated: the address, its path, and the token that is the last part of it.
    package var secrets: [String] {
        [url.reveal(), target, token].filter { $0.utf8.count >= 4 }
    }

    /// Where the path is Zammad's own only the token, so that a masked path can still be read.
    package var secretParts: [String] {
        target.contains(Self.interface) && token.utf8.count >= 4 ? [token] : secrets
    }
}
