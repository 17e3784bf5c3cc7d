/// A call from outside to one agent.
struct BenchCall: Sendable {
    var id: Int
    var agent: Int
    var isConnected = false

    /// One number a call: by it an event at Zammad is told to be this call's.
    var number: String { "+4930\(10_000_000 + id)" }

    var row: String {
        """
        {"Id":\(id),"Caller":"10001 SIP-Trunk Muster (\(number))","Callee":"\(agent) Agent \(agent)",\
        "Status":"\(isConnected ? "Talking" : "Ringing")","LastChangeStatus":"2026-02-03T09:15:09.4420771+00:00",\
        "EstablishedAt":\(isConnected ? "\"2026-02-03T09:15:09.4420771+00:00\"" : "null")}
        """
    }

    var participant: String {
        """
        {"id":\(id + 100_000),"status":"\(isConnected ? "Connected" : "Ringing")","dn":"\(agent)",\
        "party_caller_name":"\(number)","party_dn":"10001","party_caller_id":"\(number)","party_did":"",\
        "device_id":"sip:\(agent)@127.0.0.1:5483;rinstance=c2a75fd2f1caea71","party_dn_type":"Wexternalline",\
        "direct_control":false,"originated_by_dn":"ROUTER","originated_by_type":"Wroutepoint","referred_by_dn":"",\
        "referred_by_type":"None","on_behalf_of_dn":"","on_behalf_of_type":"None","callid":\(id),"legid":4}
        """
    }

    var entity: String { "/callcontrol/\(agent)/participants/\(id + 100_000)" }
}
