import Adapters
import Logging
import Ports
import Wire

/// Asks 3CX and Zammad, for `check` and `setup`.
struct ServerProbes: SetupProbes {
    func isVersion20(_ configuration: BridgeConfiguration, _ report: CheckReporter) async -> Bool? {
        let transport = await transport(caFile: configuration.phoneSystem.tlsCAFile, report)
        guard let transport else { return nil }
        let result = await PhoneSystemCheck.isVersion20(
            configuration, transport: transport, clock: SystemClock(), report)
        await transport.shutdown()
        return result
    }

    func survey(_ configuration: BridgeConfiguration, _ report: CheckReporter) async -> PhoneSystemSurvey? {
        var whole = configuration
        // All that there is to choose from.
        whole.phoneSystem.groups = []
        whole.phoneSystem.queueExtensions = []
        whole.phoneSystem.include = []
        return await withCheck(whole, report) { await $0.survey(report) } ?? nil
    }

    /// - Returns: the e-mail addresses of the extensions, where 3CX tells them.
    func checkPhoneSystem(_ configuration: BridgeConfiguration, _ report: CheckReporter) async -> [String: String] {
        await withCheck(configuration, report) { check in
            await check.run(report)
            return await check.view.emails()
        } ?? [:]
    }

    /// `emails`: as `checkPhoneSystem` gives them.
    func checkZammad(
        _ configuration: BridgeConfiguration, emails: [String: String], _ report: CheckReporter
    ) async {
        let zammad = configuration.zammad
        guard let transport = await transport(caFile: zammad.tlsCAFile, report) else { return }
        await ZammadCheck(zammad, transport: transport, clock: SystemClock(), emails: { emails }).run(report)
        await transport.shutdown()
    }

    private func withCheck<Value>(
        _ configuration: BridgeConfiguration, _ report: CheckReporter, _ body: (PhoneSystemCheck) async -> Value
    ) async -> Value? {
        let silent = Logger(label: "check") { _ in SwiftLogNoOpLogHandler() }
        do throws(HTTPTransportSetupFailure) {
            let mask = TraceMask(configuration, showsNumbers: false)
            let side = try PhoneSystemSide(configuration, log: silent, mask: mask)
            let check = PhoneSystemCheck(configuration.phoneSystem, view: side.view, clock: SystemClock())
            let value = await body(check)
            await side.shutdown()
            return value
        } catch {
            await report.finding(Self.unusable(error))
            return nil
        }
    }

    private func transport(
        caFile: String?, _ report: CheckReporter
    ) async -> (any HTTPTransport)? {
        let settings = HTTPTransportSettings(tlsCAFile: caFile, userAgent: ProgramVersion.product)
        do throws(HTTPTransportSetupFailure) {
            return try HTTPTransports.make(settings)
        } catch {
            await report.finding(Self.unusable(error))
            return nil
        }
    }

    static func unusable(_ failure: HTTPTransportSetupFailure) -> CheckFinding {
        .problem(.configuration, .configuration, failure.what, remedy: failure.remedy)
    }
}
