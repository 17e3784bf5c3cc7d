package import Domain

/// Why a server's certificate is not trusted.
package enum CertificateFault: Equatable, Sendable {
    case expired(Instant)
    case notYetValid(Instant)
    case selfSigned
    /// The name of the CA, which is not among those that this machine trusts; or the server does not send the
    /// certificates between.
    case unknownAuthority(String)
    /// This machine trusts none.
    case noAuthorities
    case otherHost([String])
    case expiredAuthority(String, Instant)

    /// All that is wrong with a chain that was refused, the most telling first.
    ///
    /// - Parameters:
    ///   - isOnlyTheName: whether the chain itself was found good.
    ///   - trustsAnybody: whether there is any CA certificate on this machine.
    package static func all(
        in chain: [PeerCertificate], of host: String, isOnlyTheName: Bool, trustsAnybody: Bool, at now: Instant
    ) -> [CertificateFault] {
        guard let leaf = chain.first else { return [] }
        var faults: [CertificateFault] = []
        if leaf.validUntil < now { faults.append(.expired(leaf.validUntil)) }
        if leaf.validFrom > now { faults.append(.notYetValid(leaf.validFrom)) }
        for authority in chain.dropFirst() where authority.validUntil < now {
            faults.append(.expiredAuthority(authority.subject, authority.validUntil))
        }
        let isInTime = faults.isEmpty
        if !host.isIPAddress, !leaf.names.contains(where: { Self.matches($0, host) }) {
            faults.append(.otherHost(leaf.names.isEmpty ? [leaf.subject] : leaf.names))
        }
        guard !isOnlyTheName else { return faults.isEmpty ? [.otherHost(leaf.names)] : faults }
        if !trustsAnybody {
            faults.append(.noAuthorities)
        } else if leaf.isSelfIssued {
            faults.append(.selfSigned)
        } else if isInTime {
            faults.append(.unknownAuthority(chain.last?.issuer ?? leaf.issuer))
        }
        return faults
    }

    /// A name of a certificate may begin with a wildcard for one label.
    private static func matches(_ name: String, _ host: String) -> Bool {
        let (name, host) = (name.lowercased(), host.lowercased())
        guard name.hasPrefix("*.") else { return name == host }
        guard let dot = host.firstIndex(of: ".") else { return false }
        return host[dot...] == name.dropFirst()
    }

    package var text: String {
        switch self {
        case .expired(let date): "it expired on \(Self.day(date))"
        case .notYetValid(let date): "it is not valid before \(Self.day(date))"
        case .selfSigned: "it is self-signed"
        case .unknownAuthority(let name):
            "it is from a CA that this machine does not trust (\(name.isEmpty ? "without a name" : name))"
        case .noAuthorities: "this machine has no CA certificates, so that it trusts no server"
        case .otherHost(let names):
            "it is for \(names.isEmpty ? "no host name" : names.prefix(5).joined(separator: ", "))"
                + (names.count > 5 ? " and \(names.count - 5) more" : "") + ", not for this host"
        case .expiredAuthority(let name, let date): "the certificate of its CA \(name) expired on \(Self.day(date))"
        }
    }

    /// `key`: that of the CA file; `setting`: that of the address.
    package func remedy(_ origin: HTTPOrigin, key: String, setting: String) -> String {
        switch self {
        case .expired, .expiredAuthority: "renew the server's certificate"
        case .notYetValid: "check the clock of this machine, and of the one that made the certificate"
        case .otherHost:
            "write one of these names in \(setting), or give the server a certificate for \(origin.host)"
        case .selfSigned:
            "save it as a file and name that in \(key): openssl s_client -connect "
                + "\(origin.host):\(origin.effectivePort) </dev/null | openssl x509 > /etc/3cx-zammad-bridge/ca.pem; "
                + "or give the server a certificate of a public CA"
        case .noAuthorities:
            "install the system's CA certificates (the package ca-certificates), or name a file with the server's CA "
                + "in \(key)"
        case .unknownAuthority:
            "name a file with that CA's certificate (PEM) in \(key); with a public CA, have the server send the "
                + "certificates between as well (the \"full chain\")"
        }
    }

    package static func day(_ instant: Instant) -> String { String(TimeText.seconds(instant).prefix(10)) }
}
