/// Answers of `GET /api/activeCalls` (3CX before v20), composed after published traces.
enum ActiveCallsSamples {
    static let edgeCases = #"""
        {"Now": "2026-02-03T10:00:00.0000000+00:00", "list": [{"Id": 326,
        "Caller": "10001 SIP-Trunk Muster (anonymous)", "Callee": "101 John Doe", "Status": "Routing",
        "LastChangeStatus": "2026-02-03T09:59:59.1000000+00:00", "EstablishedAt": null}, {"Id": 327,
        "Caller": "10001 SIP-Trunk Muster", "Callee": "101 John Doe", "Status": "Routing",
        "LastChangeStatus": "2026-02-03T09:59:59.1000000Z", "EstablishedAt": null}, {"Id": 328,
        "Caller": "10002 Trunk (Berlin) (+493023125002)", "Callee": "(100)", "Status": "Talking",
        "LastChangeStatus": "2026-02-03T09:59:50Z", "EstablishedAt": "2026-02-03T09:59:50Z"}, {"Id": 329,
        "Caller": "+493023125003", "Callee": "112 113 (100)", "Status": "Ringing",
        "LastChangeStatus": "2026-02-03T09:59:58.1+01:00", "EstablishedAt": null}, {"Id": 330,
        "Caller": "10001 SIP-Trunk Muster (03023125004)", "Callee": "80 Support", "Status": "Talking",
        "LastChangeStatus": "2026-02-03T09:59:57.1000000+00:00",
        "EstablishedAt": "2026-02-03T09:59:57.1000000+00:00"}, {"Id": 330,
        "Caller": "10001 SIP-Trunk Muster (03023125004)", "Callee": "102 Jane Roe", "Status": "Ringing",
        "LastChangeStatus": "2026-02-03T09:59:58.1000000+00:00", "EstablishedAt": null}, {"Id": 331,
        "Caller": "10001 Service A - 11 (*91234)", "Callee": "10 My Fav Nr Is 55", "Status": "Talking",
        "LastChangeStatus": "2026-02-03T09:59:40.1000000+00:00",
        "EstablishedAt": "2026-02-03T09:59:40.1000000+00:00"}, {"Id": 332, "Caller": "1002 Miller, Ann",
        "Callee": "999 Voice Mail", "Status": "Talking",
        "LastChangeStatus": "2026-02-03T09:59:40.1000000+00:00",
        "EstablishedAt": "2026-02-03T09:59:40.1000000+00:00"}, {"Id": 333, "Caller": "101 John Doe",
        "Callee": "101 John Doe", "Status": "Talking", "LastChangeStatus": "2026-02-03T09:59:40.1000000+00:00",
        "EstablishedAt": "2026-02-03T09:59:40.1000000+00:00"}, {"Id": 334,
        "Caller": "10001 SIP-Trunk Muster (03023125005)", "Callee": "101 John Doe, 102 Jane Roe",
        "Status": "Routing", "LastChangeStatus": "2026-02-03T09:59:59.9000000+00:00", "EstablishedAt": null},
        {"Id": 335, "Caller": "", "Callee": "101 John Doe", "Status": "Initiating",
        "LastChangeStatus": "2026-02-03T09:59:59.9500000+00:00", "EstablishedAt": null}]}
        """#

    static let empty = #"""
        {"Now": "2026-02-03T09:14:58.1034571+00:00", "list": []}
        """#

    static let inboundDirectRouting = #"""
        {"Now": "2026-02-03T09:15:01.3304112+00:00", "list": [{"Id": 322,
        "Caller": "10001 SIP-Trunk Muster (+493023125001)", "Callee": "101 John Doe", "Status": "Routing",
        "LastChangeStatus": "2026-02-03T09:15:00.9120034+00:00", "EstablishedAt": null}]}
        """#

    static let inboundDirectTalking = #"""
        {"Now": "2026-02-03T09:15:09.8801440+00:00", "list": [{"Id": 322,
        "Caller": "10001 SIP-Trunk Muster (+493023125001)", "Callee": "101 John Doe", "Status": "Talking",
        "LastChangeStatus": "2026-02-03T09:15:09.4420771+00:00",
        "EstablishedAt": "2026-02-03T09:15:09.4420771+00:00"}]}
        """#

    static let inboundQueueInitiating = #"""
        {"Now": "2026-02-03T09:20:00.1200000+00:00", "list": [{"Id": 323,
        "Caller": "10001 SIP-Trunk Muster (+493023125001)", "Callee": "80 Support", "Status": "Initiating",
        "LastChangeStatus": "2026-02-03T09:20:00.0100000+00:00", "EstablishedAt": null}]}
        """#

    static let inboundQueueGreetingTalkingToQueue = #"""
        {"Now": "2026-02-03T09:20:01.1200000+00:00", "list": [{"Id": 323,
        "Caller": "10001 SIP-Trunk Muster (+493023125001)", "Callee": "80 Support", "Status": "Talking",
        "LastChangeStatus": "2026-02-03T09:20:00.7700000+00:00",
        "EstablishedAt": "2026-02-03T09:20:00.7700000+00:00"}]}
        """#

    static let inboundQueueTransferring = #"""
        {"Now": "2026-02-03T09:20:12.5000000+00:00", "list": [{"Id": 323,
        "Caller": "10001 SIP-Trunk Muster (+493023125001)", "Callee": "80 Support", "Status": "Transferring",
        "LastChangeStatus": "2026-02-03T09:20:12.1000000+00:00",
        "EstablishedAt": "2026-02-03T09:20:00.7700000+00:00"}]}
        """#

    static let inboundQueueTalkingToAgent = #"""
        {"Now": "2026-02-03T09:20:20.5000000+00:00", "list": [{"Id": 323,
        "Caller": "10001 SIP-Trunk Muster (+493023125001)", "Callee": "102 Jane Roe", "Status": "Talking",
        "LastChangeStatus": "2026-02-03T09:20:20.2000000+00:00",
        "EstablishedAt": "2026-02-03T09:20:20.2000000+00:00"}]}
        """#

    static let internalCall = #"""
        {"Now": "2026-02-03T09:40:00.5000000+00:00", "list": [{"Id": 325, "Caller": "101 John Doe",
        "Callee": "102 Jane Roe", "Status": "Talking", "LastChangeStatus": "2026-02-03T09:39:58.0000000+00:00",
        "EstablishedAt": "2026-02-03T09:39:58.0000000+00:00"}]}
        """#

    static let outboundRouting = #"""
        {"Now": "2026-02-03T09:31:00.5000000+00:00", "list": [{"Id": 324, "Caller": "101 John Doe",
        "Callee": "10001 SIP-Trunk Muster (03023125044)", "Status": "Routing",
        "LastChangeStatus": "2026-02-03T09:31:00.2000000+00:00", "EstablishedAt": null}]}
        """#

    static let outboundTalking = #"""
        {"Now": "2026-02-03T09:31:14.5000000+00:00", "list": [{"Id": 324, "Caller": "101 John Doe",
        "Callee": "10001 SIP-Trunk Muster (03023125044)", "Status": "Talking",
        "LastChangeStatus": "2026-02-03T09:31:14.1000000+00:00",
        "EstablishedAt": "2026-02-03T09:31:14.1000000+00:00"}]}
        """#

    static let transferRerouting = #"""
        {"Now": "2026-02-03T09:16:30.5000000+00:00", "list": [{"Id": 322,
        "Caller": "10001 SIP-Trunk Muster (+493023125001)", "Callee": "102 Jane Roe", "Status": "Rerouting",
        "LastChangeStatus": "2026-02-03T09:16:30.1000000+00:00",
        "EstablishedAt": "2026-02-03T09:15:09.4420771+00:00"}]}
        """#

    static let all: [(name: String, text: String)] = [
        ("edgeCases", edgeCases),
        ("empty", empty),
        ("inboundDirectRouting", inboundDirectRouting),
        ("inboundDirectTalking", inboundDirectTalking),
        ("inboundQueueInitiating", inboundQueueInitiating),
        ("inboundQueueGreetingTalkingToQueue", inboundQueueGreetingTalkingToQueue),
        ("inboundQueueTransferring", inboundQueueTransferring),
        ("inboundQueueTalkingToAgent", inboundQueueTalkingToAgent),
        ("internalCall", internalCall),
        ("outboundRouting", outboundRouting),
        ("outboundTalking", outboundTalking),
        ("transferRerouting", transferRerouting),
    ]
}
