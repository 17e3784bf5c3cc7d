import Domain
import Foundation
import Testing

@testable import Adapters

@Suite("The metrics")
struct StatusMetricsTests {
    private let names: Set<String> = [
        "zammadbridge_build_info", "zammadbridge_start_time_seconds", "zammadbridge_phone_system_up",
        "zammadbridge_looks_total", "zammadbridge_last_look_timestamp_seconds", "zammadbridge_zammad_up",
        "zammadbridge_requests_total", "zammadbridge_events_delivered_total", "zammadbridge_events",
        "zammadbridge_oldest_event_age_seconds", "zammadbridge_delivery_duration_seconds", "zammadbridge_calls_total",
        "zammadbridge_calls_ignored_total", "zammadbridge_live_calls", "zammadbridge_blocked_calls_total",
        "zammadbridge_log_lines_dropped_total", "zammadbridge_ended_calls_total",
    ]

    @Test("are all there from the start, with zeros")
    func zeros() throws {
        let document = try PrometheusDocument(StatusScene().metrics())
        #expect(Set(document.metrics.keys) == names)
        let notZero: Set<String> = [
            "zammadbridge_build_info", "zammadbridge_start_time_seconds", "zammadbridge_zammad_up",
        ]
        for (name, metric) in document.metrics {
            #expect(!metric.samples.isEmpty, "\(name)")
            #expect(metric.samples.allSatisfy { ($0.value == 0) != notZero.contains(name) }, "\(name)")
        }
        #expect(document.metrics["zammadbridge_requests_total"]?.samples.count == DeliveryOutcome.allNames.count)
    }

    @Test("count calls that are over by direction, outcome and queue")
    func endedCalls() throws {
        var scene = StatusScene()
        let queued = StatusScene.call("1", StatusScene.queue)
        let direct = StatusScene.call("2", StatusScene.agent(.ringing), number: "0301112224")
        let called = StatusScene.call("3", StatusScene.agent(.dialing, "102"), direction: .outbound)
        scene.see(queued, direct, called)
        scene.finish(.delivered(.plain))
        scene.finish(.delivered(.reject(reason: "busy")))
        scene.deliverAll()
        scene.see(queued, StatusScene.call("3", StatusScene.agent(.connected, "102"), direction: .outbound))
        scene.see(after: .seconds(1))
        let document = try PrometheusDocument(scene.metrics())
        func ended(_ direction: String, _ outcome: String, _ queue: String = "") -> Double? {
            document.value(
                "zammadbridge_ended_calls_total", ["direction": direction, "outcome": outcome, "queue": queue])
        }
        #expect(ended("inbound", "abandoned", "816") == 1, "a missed queue call that is not to stay as a to-do")
        #expect(ended("inbound", "blocked") == 1 && ended("inbound", "missed") == 0)
        #expect(ended("outbound", "answered") == 1)
    }

    @Test("tell the first hundred queues apart")
    func manyQueues() throws {
        var scene = StatusScene()
        for number in 0..<120 {
            let queue = CallLeg(dn: "\(800 + number)", role: .queue, state: .connected, isMonitored: true)
            scene.see(StatusScene.call("\(number)", queue, number: "03011\(1000 + number)"))
            scene.see(after: .seconds(1))
        }
        let samples = try #require(try PrometheusDocument(scene.metrics()).metrics["zammadbridge_ended_calls_total"])
            .samples
        #expect(Set(samples.compactMap { $0.labels["queue"] }).count == 102, "none, a hundred, and the others")
        #expect(samples.first { $0.labels["queue"] == "other" }?.value == 20)
    }

    @Test("have names as Prometheus wants them: a prefix, units in full, counters with _total and nothing else with it")
    func conventions() throws {
        let document = try PrometheusDocument(StatusScene().metrics())
        for (name, metric) in document.metrics {
            #expect(name.hasPrefix("zammadbridge_") && !metric.help.isEmpty)
            #expect(name.hasSuffix("_total") == (metric.type == "counter"), "\(name)")
            for suffix in ["_count", "_sum", "_bucket"] { #expect(!name.hasSuffix(suffix)) }
            for unit in ["_ms", "_milliseconds", "_minutes", "_hours", "_s"] { #expect(!name.hasSuffix(unit)) }
            for sample in metric.samples where metric.type != "histogram" {
                #expect(!sample.labels.keys.contains("le") && !sample.labels.keys.contains("quantile"))
            }
        }
    }

    @Test("count what happens, and have a histogram that adds up")
    func counting() throws {
        var scene = StatusScene()
        scene.see(
            StatusScene.call("1", StatusScene.agent(.connected)),
            StatusScene.call("2", StatusScene.agent(.dialing, "102"), direction: .outbound))
        scene.finish(.delivered(.plain), after: .milliseconds(80))
        scene.finish(.retry("down", scope: .zammad), after: .milliseconds(80))
        scene.see(
            StatusScene.call("1", StatusScene.agent(.connected)),
            StatusScene.call("2", StatusScene.agent(.dialing, "102"), direction: .outbound), after: .seconds(9))
        let document = try PrometheusDocument(scene.metrics())
        #expect(document.value("zammadbridge_calls_total", ["direction": "inbound"]) == 1)
        #expect(document.value("zammadbridge_calls_total", ["direction": "outbound"]) == 1)
        #expect(document.value("zammadbridge_live_calls", ["state": "answered"]) == 1)
        #expect(document.value("zammadbridge_live_calls", ["state": "ringing"]) == 1)
        #expect(document.value("zammadbridge_requests_total", ["outcome": "delivered"]) == 1)
        #expect(document.value("zammadbridge_requests_total", ["outcome": "retry"]) == 1)
        #expect(document.value("zammadbridge_zammad_up") == 0)
        #expect(document.value("zammadbridge_events", ["state": "pending"]) == 2)
        #expect(document.value("zammadbridge_oldest_event_age_seconds") == 9.16)
        let histogram = try #require(document.metrics["zammadbridge_delivery_duration_seconds"])
        let buckets = histogram.samples.filter { $0.name.hasSuffix("_bucket") }
        #expect(buckets.map(\.value) == buckets.map(\.value).sorted())
        #expect(buckets.first?.value == 0 && buckets.last?.labels == ["le": "+Inf"])
        #expect(document.value("zammadbridge_delivery_duration_seconds_count") == 1)
        #expect(document.value("zammadbridge_delivery_duration_seconds_sum") == 0.08)
        #expect(document.value("zammadbridge_delivery_duration_seconds_bucket", ["le": "0.1"]) == 1)
    }

    @Test("count tickets where they are made, and have nothing of them where they are not")
    func tickets() throws {
        var scene = StatusScene(tickets: .missed)
        scene.see(StatusScene.call("1", StatusScene.agent(.ringing), number: "030111"))
        scene.see(StatusScene.call("2", StatusScene.agent(.ringing), number: "030222"))
        scene.finishTicket(.customer(7), .noTicket, .made(ticket: 90))
        scene.see(StatusScene.call("3", StatusScene.agent(.ringing), number: "030333"))
        scene.finishTicket(.refused("bad title"))
        scene.pass(.seconds(2))
        scene.finishTicket(.refused("bad title"))
        scene.see()
        let document = try PrometheusDocument(scene.metrics())
        #expect(document.value("zammadbridge_tickets_total", ["result": "created"]) == 1)
        #expect(document.value("zammadbridge_tickets_total", ["result": "dead_letter"]) == 1)
        #expect(document.value("zammadbridge_tickets_total", ["result": "added"]) == 0)
        #expect(document.value("zammadbridge_tickets", ["state": "pending"]) == 1)
        #expect(document.value("zammadbridge_tickets", ["state": "dead_letter"]) == 1)
        let status = scene.status()
        let tickets = try #require(status.tickets)
        #expect(tickets.pending == 1 && tickets.deadLetters == 1)
        #expect(tickets.open.map(\.state) == ["pending", "deadLetter"])
        #expect(tickets.open.map(\.number) == ["•••333", "•••222"] && tickets.open.last?.reason == "bad title")
        #expect(status.problems.contains("1 ticket was given up; repair the cause, then run zammadbridge outbox retry"))
        #expect(StatusScene().status().tickets == nil && !StatusScene().metrics().contains("ticket"))
    }

    @Test("name no number, no person and no call")
    func privacy() throws {
        var scene = StatusScene()
        scene.see(StatusScene.call("4711", StatusScene.agent(.ringing), number: "030999888"))
        let text = scene.metrics()
        for word in ["4711", "030999888", "888", "Anna", "Erika"] { #expect(!text.contains(word)) }
    }

    @Test("and the fields of the status are all in the documentation")
    func documentation() throws {
        let url = ConfigurationSamples.repository.appending(path: "docs/status.md")
        let text = try String(contentsOf: url, encoding: .utf8)
        let documented = Set(text.matches(of: /\| `(zammadbridge_[a-z_]+)` \|/).map { String($0.1) })
        #expect(documented == names.union(["zammadbridge_tickets_total", "zammadbridge_tickets"]))
        var scene = StatusScene(tickets: .missed)
        scene.see(StatusScene.call("9", StatusScene.agent(.ringing)))
        scene.see()
        scene.finishTicket(.refused("no"))
        scene.see(StatusScene.call("1", StatusScene.queue), StatusScene.call("2", StatusScene.agent(.ringing)))
        scene.finish(.retry("down", scope: .zammad))
        let json = try StatusReader.json(scene.status(showsNumbers: true))
        for field in Set(json.matches(of: /"([A-Za-z]+)":/).map { String($0.1) }) {
            #expect(text.contains("`\(field)`"), "\(field)")
        }
    }

    @Test("write a label's value so that it stays one")
    func escaping() throws {
        var text = PrometheusText()
        text.metric("zammadbridge_x", .gauge, "a \\ b\nc") { $0.sample(1, [("name", "q\"b\\s\nn")]) }
        #expect(
            text.text == """
                # HELP zammadbridge_x a \\\\ b\\nc
                # TYPE zammadbridge_x gauge
                zammadbridge_x{name="q\\"b\\\\s\\nn"} 1

                """)
        _ = try PrometheusDocument(text.text)
    }
}
