import Domain
import Wire

/// What `check` says about the way to a peer: name, port and TLS.
struct CheckedConnection: Sendable {
    let origin: HTTPOrigin
    /// The keys of the configuration that decide about it.
    let setting: String
    let caKey: String
    let caFile: String?

    /// Certificates that end sooner are warned of.
    private static let soon: Duration = .seconds(21 * 86_400)

    /// `isUsable`: whether it makes sense to ask more.
    func findings(at now: Instant) async -> (findings: [CheckFinding], isUsable: Bool) {
        do throws(ConnectionProbe.Failure) {
            return (described(try await ConnectionProbe(origin: origin, caFile: caFile).run(at: now), now), true)
        } catch {
            return ([finding(error)], false)
        }
    }

    private func described(_ connection: ConnectionProbe.Connection, _ now: Instant) -> [CheckFinding] {
        let name = origin.host == connection.address ? origin.host : "\(origin.host) is \(connection.address), and"
        var findings = [CheckFinding.ok(.connection, "\(name) answers on port \(origin.effectivePort)")]
        guard let tls = connection.tls else {
            if !isLoopback {
                findings.append(
                    .warning(
                        .tls, "http:// is not encrypted: passwords, tokens and numbers can be read on the way",
                        remedy: "write https:// in \(setting)"))
            }
            return findings
        }
        let certificate = tls.certificate
        let issuer = certificate.issuer.isEmpty ? "" : " from \(certificate.issuer)"
        let text =
            "TLS \(tls.version): the certificate\(issuer) is valid until "
            + CertificateFault.day(certificate.validUntil)
        if certificate.validUntil - now < Self.soon {
            findings.append(.warning(.tls, "\(text), which is soon", remedy: "renew it before then"))
        } else {
            findings.append(.ok(.tls, text))
        }
        return findings
    }

    private var isLoopback: Bool {
        origin.host == "localhost" || origin.host == "::1" || origin.host.hasPrefix("127.")
    }

    private func finding(_ failure: ConnectionProbe.Failure) -> CheckFinding {
        guard failure.http.kind == .tls else {
            return .problem(.connection, .unreachable, failure.http.detail, remedy: remedy(of: failure.http))
        }
        guard let first = failure.faults.first, let words = failure.words else {
            // BoringSSL's name for what an HTTP server answers to a handshake.
            let isPlain = failure.http.detail.contains("WRONG_VERSION_NUMBER")
            return isPlain
                ? .problem(
                    .tls, .unreachable, "\(origin): the server does not speak TLS on this port",
                    remedy: "check the port in \(setting), and http:// against https://")
                : .problem(.tls, .unreachable, failure.http.detail, remedy: remedy(of: failure.http))
        }
        return .problem(
            .tls, .unreachable, "\(origin): \(words)", remedy: first.remedy(origin, key: caKey, setting: setting))
    }

    private func remedy(of failure: HTTPFailure) -> String {
        switch failure.kind {
        case .resolution: "check the host name in \(setting), and the DNS server of this machine"
        case .refused: "check that the server runs, host and port in \(setting), and the firewall"
        case .connectTimeout:
            "check host and port in \(setting), the DNS server of this machine, and for a firewall that drops packets"
        default: failure.remedy
        }
    }
}
