/// Answers of XAPI (3CX v20), composed after published traces.
enum XAPISamples {
    static let groups = #"""
        {"@odata.context": "https://pbx.example.net/xapi/v1/$metadata#Groups", "value": [{"Name": "DEFAULT",
        "IsDefault": true, "HasMembers": true, "Number": "GRP0000", "Id": 28}, {"Name": "Support",
        "IsDefault": false, "HasMembers": true, "Number": "GRP0001", "Id": 35}]}
        """#

    static let groupMembers = #"""
        {"@odata.context": "https://pbx.example.net/xapi/v1/$metadata#Groups(35)/Members", "value": [{"GroupId": 35,
        "Number": "101", "MemberName": "Doe, John", "Name": "Support", "Type": "Extension", "CanDelete": true,
        "Tags": [], "Id": 56, "Rights": {"RoleName": "users"}}, {"GroupId": 35, "Number": "102", "MemberName": "Roe,
        Jane", "Name": "Support", "Type": "Extension", "CanDelete": true, "Tags": [], "Id": 57,
        "Rights": {"RoleName": "users"}}, {"GroupId": 35, "Number": "80", "MemberName": "Support",
        "Name": "Support", "Type": "Queue", "CanDelete": true, "Tags": [], "Id": 58,
        "Rights": {"RoleName": "users"}}, {"GroupId": 35, "Number": "800", "MemberName": "Front desk",
        "Name": "Support", "Type": "RingGroup", "CanDelete": true, "Tags": [], "Id": 59,
        "Rights": {"RoleName": "users"}}, {"GroupId": 35, "Number": "SP0", "MemberName": "Shared parking",
        "Name": "Support", "Type": "Parking", "CanDelete": true, "Tags": [], "Id": 40,
        "Rights": {"RoleName": "users"}}]}
        """#

    static let queues = #"""
        {"@odata.context": "https://pbx.example.net/xapi/v1/$metadata#Queues", "value": [{"Number": "80",
        "Name": "Support", "PollingStrategy": "RingAll", "RingTimeout": 20, "MasterTimeout": 120,
        "MaxCallersInQueue": 20, "WrapUpTime": 0, "SLATime": 30, "IsRegistered": true, "Id": 55}, {"Number": "82",
        "Name": "Sales", "PollingStrategy": "Hunt", "RingTimeout": 20, "MasterTimeout": 60, "MaxCallersInQueue": 0,
        "WrapUpTime": 10, "SLATime": 0, "IsRegistered": true, "Id": 56}]}
        """#

    static let agents = #"""
        {"@odata.context": "https://pbx.example.net/xapi/v1/$metadata#Queues(55)/Agents",
        "value": [{"Number": "101", "Name": "Doe, John", "SkillGroup": "1", "Tags": [], "Id": 101},
        {"Number": "102", "Name": "Roe, Jane", "SkillGroup": "1", "Tags": [], "Id": 102}]}
        """#

    static let ringGroups = #"""
        {"@odata.context": "https://pbx.example.net/xapi/v1/$metadata#RingGroups", "value": [{"Number": "800",
        "Name": "Front desk", "RingStrategy": "RingAll", "RingTime": 20, "IsRegistered": true, "Id": 60}]}
        """#

    static let ringGroupMembers = #"""
        {"@odata.context": "https://pbx.example.net/xapi/v1/$metadata#RingGroups(60)/Members",
        "value": [{"Number": "101", "Name": "Doe, John", "Tags": [], "Id": 201}, {"Number": "102", "Name": "Roe,
        Jane", "Tags": [], "Id": 202}, {"Number": "103", "Name": "Mustermann, Max", "Tags": [], "Id": 203}]}
        """#

    static let users = #"""
        {"@odata.context": "https://pbx.example.net/xapi/v1/$metadata#Users",
        "@odata.count": 3, "value": [{"Id": 29, "Number": "101", "FirstName": "John", "LastName": "Doe",
        "EmailAddress": "john.doe@example.com", "DisplayName": "Doe, John"}, {"Id": 30, "Number": "102",
        "FirstName": "Jane", "LastName": "Roe", "EmailAddress": "jane.roe@example.com", "DisplayName": "Roe, Jane"},
        {"Id": 31, "Number": "103", "FirstName": "Max", "LastName": "", "EmailAddress": "", "DisplayName": "Max"}]}
        """#

    static let peers = #"""
        {"@odata.context": "https://pbx.example.net/xapi/v1/$metadata#Peers", "value": [{"Id": 29, "Number": "101",
        "Name": "Doe, John", "Type": "Extension", "MemberOf": [], "Hidden": false, "Tags": []}, {"Id": 55,
        "Number": "80", "Name": "Support", "Type": "Queue", "MemberOf": [], "Hidden": false, "Tags": []}, {"Id": 60,
        "Number": "800", "Name": "Front desk", "Type": "RingGroup", "MemberOf": [], "Hidden": false, "Tags": []},
        {"Id": 70, "Number": "10001", "Name": "SIP-Trunk Muster", "Type": "ExternalLine", "MemberOf": [],
        "Hidden": false, "Tags": []}, {"Id": 90, "Number": "zammadbridge", "Name": "zammadbridge",
        "Type": "RoutePoint", "MemberOf": [], "Hidden": false, "Tags": []}]}
        """#

    static let trunks = #"""
        {"@odata.context": "https://pbx.example.net/xapi/v1/$metadata#Trunks",
        "value": [{"Id": 70, "Number": "10001", "ExternalNumber": "+493023125000", "DidNumbers": ["+493023125000",
        "+493023125100"], "IsOnline": true}]}
        """#

    static let systemParameters = #"""
        {"@odata.context": "https://pbx.example.net/xapi/v1/$metadata#Pbx.SystemParameters",
        "Version": "20.0.8.1121", "FQDN": "pbx.example.net", "ENL": 3, "HttpPort": 5000, "HttpsPort": 5001,
        "IsHosted": false, "IsMulticompanyMode": false, "License": {"IsEnterprise": true, "IsProfessional": false,
        "MaxSimCalls": 16, "ProductCode": "3CXPSENTERPRISE"}}
        """#

    static let badRequest = #"""
        {"error": {"code": "", "message": "Name:\nWARNINGS.XAPI.DUPLICATE", "details": [{"code": "",
        "target": "Name", "message": "WARNINGS.XAPI.DUPLICATE"}]}}
        """#

    static let empty = #"""
        {"@odata.context": "https://pbx.example.net/xapi/v1/$metadata#ActiveCalls", "value": []}
        """#

    static let inboundDirectRinging = #"""
        {"@odata.context": "https://pbx.example.net/xapi/v1/$metadata#ActiveCalls", "value": [{"Id": 1264,
        "Caller": "10001 SIP-Trunk Muster (+493023125001)", "Callee": "101 Doe, John", "Status": "Ringing",
        "LastChangeStatus": "2026-02-03T09:15:00.912003Z", "EstablishedAt": null,
        "ServerNow": "2026-02-03T09:15:01.330411Z"}]}
        """#

    static let inboundDirectTalking = #"""
        {"@odata.context": "https://pbx.example.net/xapi/v1/$metadata#ActiveCalls", "value": [{"Id": 1264,
        "Caller": "10001 SIP-Trunk Muster (+493023125001)", "Callee": "101 Doe, John", "Status": "Talking",
        "LastChangeStatus": "2026-02-03T09:15:09.442077Z", "EstablishedAt": "2026-02-03T09:15:09.442077Z",
        "ServerNow": "2026-02-03T09:15:10.000001Z"}]}
        """#

    static let mixed = #"""
        {"@odata.context": "https://pbx.example.net/xapi/v1/$metadata#ActiveCalls", "value": [{"Id": 1264,
        "Caller": "10001 SIP-Trunk Muster (+493023125001)", "Callee": "101 Doe, John", "Status": "Talking",
        "LastChangeStatus": "2026-02-03T09:15:09.442077Z", "EstablishedAt": "2026-02-03T09:15:09.442077Z",
        "ServerNow": "2026-02-03T09:15:01.330411Z"}, {"Id": 1265, "Caller": "1002 tools, admin",
        "Callee": "10000 SIP-Trunk Muster (03023125044)", "Status": "Routing",
        "LastChangeStatus": "2026-02-03T09:15:00.1Z", "EstablishedAt": null,
        "ServerNow": "2026-02-03T09:15:01.330411Z"}, {"Id": 1266, "Caller": "101 Doe, John", "Callee": "102 Roe,
        Jane", "Status": "Talking", "LastChangeStatus": "2026-02-03T09:14:10Z",
        "EstablishedAt": "2026-02-03T09:14:10Z", "ServerNow": "2026-02-03T09:15:01.330411Z"}, {"Id": 1267,
        "Caller": "10001 SIP-Trunk Muster (anonymous)", "Callee": "80 Support", "Status": "Transferring",
        "LastChangeStatus": "2026-02-03T10:14:59.5+01:00", "EstablishedAt": "2026-02-03T10:14:40+01:00",
        "ServerNow": "2026-02-03T09:15:01.330411Z"}, {"Id": 1268, "Caller": null, "Callee": null, "Status": null,
        "LastChangeStatus": null, "EstablishedAt": null, "ServerNow": "2026-02-03T09:15:01.330411Z"}]}
        """#

    static let queueWaiting = #"""
        {"@odata.context": "https://pbx.example.net/xapi/v1/$metadata#ActiveCalls", "value": [{"Id": 1275,
        "Caller": "10001 SIP-Trunk Muster (+493023125007)", "Callee": "80 Support", "Status": "Talking",
        "LastChangeStatus": "2026-02-03T09:20:00.770000Z", "EstablishedAt": "2026-02-03T09:20:00.770000Z",
        "ServerNow": "2026-02-03T09:20:05.000000Z"}]}
        """#

    static let queueRouting = #"""
        {"@odata.context": "https://pbx.example.net/xapi/v1/$metadata#ActiveCalls", "value": [{"Id": 1275,
        "Caller": "10001 SIP-Trunk Muster (+493023125007)", "Callee": "102 Roe, Jane", "Status": "Routing",
        "LastChangeStatus": "2026-02-03T09:20:06.770000Z", "EstablishedAt": "2026-02-03T09:20:00.770000Z",
        "ServerNow": "2026-02-03T09:20:08.000000Z"}]}
        """#

    static let queueAnswered = #"""
        {"@odata.context": "https://pbx.example.net/xapi/v1/$metadata#ActiveCalls", "value": [{"Id": 1275,
        "Caller": "10001 SIP-Trunk Muster (+493023125007)", "Callee": "102 Roe, Jane", "Status": "Talking",
        "LastChangeStatus": "2026-02-03T09:20:20.200000Z", "EstablishedAt": "2026-02-03T09:20:20.200000Z",
        "ServerNow": "2026-02-03T09:20:21.000000Z"}]}
        """#

    /// Lists of active calls.
    static let calls: [(name: String, text: String)] = [
        ("empty", empty),
        ("inboundDirectRinging", inboundDirectRinging),
        ("inboundDirectTalking", inboundDirectTalking),
        ("mixed", mixed),
        ("queueWaiting", queueWaiting),
        ("queueRouting", queueRouting),
        ("queueAnswered", queueAnswered),
    ]
}
