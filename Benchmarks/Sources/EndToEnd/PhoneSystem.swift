import NIOCore
import NIOHTTP1
import NIOWebSocket
import Synchronization

/// A 3CX of either kind, with calls from outside to one agent each.
final class PhoneSystem: Sendable {
    /// Four digits, so that a thousand agents fit.
    static let agents = 1000..<2000

    private struct State {
        var calls: [Int: BenchCall] = [:]
        /// What is asked for by polls, made anew when something has changed.
        var whole: ByteBuffer?
        /// Calls whose change no answer has shown yet.
        var unshown: [(call: BenchCall, event: CallEvent.Kind)] = []
        var socket: (any Channel)?
        var sequence = 0
        var polls = 0
        var firstPollAt: NIODeadline?
        var requests = 0
    }

    let interface: Interface
    private let timeline: Timeline
    private let extensions: Range<Int>
    private let state = Mutex(State())

    init(_ interface: Interface, timeline: Timeline, extensions: Range<Int>) {
        self.interface = interface
        self.timeline = timeline
        self.extensions = extensions
    }

    func start(on group: any EventLoopGroup) async throws -> BenchServer {
        try await BenchServer.start(
            on: group, socketPath: interface == .events ? "/callcontrol/ws" : nil,
            whenOpened: { channel in
                self.state.withLock { $0.socket = channel }
                channel.closeFuture.whenComplete { _ in self.state.withLock { $0.socket = nil } }
            },
            respond)
    }

    var polls: Int { state.withLock(\.polls) }
    var requests: Int { state.withLock(\.requests) }
    var firstPollAt: NIODeadline? { state.withLock(\.firstPollAt) }
    var isSocketOpen: Bool { state.withLock { $0.socket != nil } }

    // MARK: - Changes

    /// Rings, connects or ends calls, all at once, and pushes them where events are on.
    func change(_ changes: [(BenchCall, CallEvent.Kind)]) {
        let (pushes, socket) = state.withLock { state -> ([String], (any Channel)?) in
            var pushes: [String] = []
            for (call, event) in changes {
                if event == .hangup { state.calls[call.id] = nil } else { state.calls[call.id] = call }
                state.sequence += 1
                pushes.append(
                    """
                    {"sequence":\(state.sequence),"event":{"event_type":\(event == .hangup ? 1 : 0),\
                    "entity":"\(call.entity)","attached_data":null}}
                    """)
            }
            state.whole = nil
            state.unshown += changes.filter { isTimed($0.1) }
            return (pushes, state.socket)
        }
        for (call, event) in changes where isTimed(event) {
            timeline.changed(CallEvent(number: call.number, kind: event))
        }
        guard let socket else { return }
        for push in pushes {
            let frame = WebSocketFrame(fin: true, opcode: .text, data: ByteBuffer(string: push))
            socket.writeAndFlush(frame, promise: nil)
        }
    }

    /// Not the ends that a grace keeps back.
    private func isTimed(_ event: CallEvent.Kind) -> Bool { event != .hangup || interface == .legacy }

    // MARK: - Answers

    private func respond(to request: BenchServer.Request) -> BenchServer.Answer {
        state.withLock { $0.requests += 1 }
        switch (interface, request.path) {
        case (.legacy, "/api/activeCalls"), (.callcontrol, "/callcontrol"), (.events, "/callcontrol"):
            return poll(at: request.readAt)
        case (.legacy, let path):
            return legacy(path)
        case (_, "/connect/token"):
            return json(#"{"token_type":"Bearer","expires_in":3600,"access_token":"token","refresh_token":null}"#)
        case (_, let path):
            let participant = state.withLock { state in state.calls.values.first { $0.entity == path }?.participant }
            return participant.map(json) ?? BenchServer.Answer(status: .notFound)
        }
    }

    private func poll(at now: NIODeadline) -> BenchServer.Answer {
        let (body, shown) = state.withLock { state in
            state.polls += 1
            if state.firstPollAt == nil { state.firstPollAt = now }
            let body = state.whole ?? ByteBuffer(string: interface == .legacy ? rows(state) : dns(state))
            state.whole = body
            defer { state.unshown = [] }
            return (body, state.unshown)
        }
        var answer = BenchServer.Answer(body: body)
        if interface == .legacy {
            // The server's time changes with each poll.
            var whole = ByteBuffer(
                string: #"{"Now":"2026-02-03T09:15:01.\#(now.uptimeNanoseconds % 10_000_000)+00:00","list":["#)
            whole.writeImmutableBuffer(body)
            answer.body = whole
        }
        guard !shown.isEmpty else { return answer }
        answer.whenSent = { [timeline] sentAt in
            for (call, event) in shown { timeline.shown(CallEvent(number: call.number, kind: event), at: sentAt) }
        }
        return answer
    }

    private func rows(_ state: State) -> String {
        state.calls.values.map(\.row).joined(separator: ",") + "]}"
    }

    private func dns(_ state: State) -> String {
        let calls = Dictionary(grouping: state.calls.values, by: \.agent)
        let dns = extensions.map { dn in
            """
            {"dn":"\(dn)","type":"Wextension","devices":[{"dn":"\(dn)","device_id":"sip:\(dn)@192.0.2.31:5065",\
            "user_agent":"yealink SIP-T54W 96.86.0.70"}],"participants":\
            [\((calls[dn] ?? []).map(\.participant).joined(separator: ","))]}
            """
        }
        return "[\(dns.joined(separator: ","))]"
    }

    private func legacy(_ path: String) -> BenchServer.Answer {
        switch path {
        case "/api/login":
            var answer = json("AuthSuccess")
            answer.headers.add(name: "Set-Cookie", value: ".AspNetCore.Cookies=bench; path=/; httponly")
            return answer
        case "/api/GroupList":
            return json(#"{"list":[{"Id":41,"Name":"Support","ExtensionsCount":1,"CanBeDeleted":true}]}"#)
        case "/api/GroupList/set":
            let members = extensions.map { dn in
                #"{"Id":\#(dn),"Number":{"_value":"\#(dn)"},"FirstName":{"_value":"Agent"},"LastName":{"_value":"\#(dn)"}}"#
            }
            return json(
                """
                {"Id":7,"ActiveObject":{"Name":{"_value":"Support"},"Members":{"selected":\
                [\(members.joined(separator: ","))],"itemsByPage":10,"count":\(members.count)}}}
                """)
        case "/api/TrunkList":
            return json(#"{"list":[{"Id":70,"Number":"10001","Name":"SIP-Trunk Muster"}]}"#)
        default:
            return json(#"{"list":[]}"#)
        }
    }

    private func json(_ text: String) -> BenchServer.Answer { BenchServer.Answer(body: ByteBuffer(string: text)) }
}
