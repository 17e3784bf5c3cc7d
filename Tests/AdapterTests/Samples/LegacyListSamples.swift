/// Answers of the lists and of the group editor (3CX before v20).
enum LegacyListSamples {
    static let groups = #"""
        {"list": [{"Id": 28, "Name": "DEFAULT", "ExtensionsCount": 3, "CanBeDeleted": false}, {"Id": 41,
        "Name": "Support", "ExtensionsCount": 12, "CanBeDeleted": true}]}
        """#

    static let openedGroup = #"""
        {"Id": 7, "ActiveObject": {"Name": {"_value": "Support"}, "Members": {"selected": [{"Id": 100,
        "Number": {"_value": "101"}, "FirstName": {"_value": "John"}, "LastName": {"_value": "Doe"}},
        {"Id": 101, "Number": {"_value": "102"}, "FirstName": {"_value": "Jane"},
        "LastName": {"_value": "Roe"}}, {"Id": 102, "Number": {"_value": "103"}, "FirstName": {"_value": "Max"},
        "LastName": {"_value": "Mustermann"}}, {"Id": 103, "Number": {"_value": "104"},
        "FirstName": {"_value": "Erika"}, "LastName": {"_value": "Musterfrau"}}, {"Id": 104,
        "Number": {"_value": "105"}, "FirstName": {"_value": "Ann"}, "LastName": {"_value": "Miller"}},
        {"Id": 105, "Number": {"_value": "106"}, "FirstName": {"_value": "Bob"},
        "LastName": {"_value": "Stone"}}, {"Id": 106, "Number": {"_value": "107"},
        "FirstName": {"_value": "Carla"}, "LastName": {"_value": "Voss"}}, {"Id": 107,
        "Number": {"_value": "108"}, "FirstName": {"_value": "Dirk"}, "LastName": {"_value": "Lang"}},
        {"Id": 108, "Number": {"_value": "109"}, "FirstName": {"_value": "Eva"},
        "LastName": {"_value": "Brandt"}}, {"Id": 109, "Number": {"_value": "110"},
        "FirstName": {"_value": "Finn"}, "LastName": {"_value": "Kurz"}}], "itemsByPage": 10, "count": 12}}}
        """#

    static let members0 = #"""
        [{"Item": {"Members": {"selected": [{"Id": 100, "Number": {"_value": "101"},
        "FirstName": {"_value": "John"}, "LastName": {"_value": "Doe"}}, {"Id": 101,
        "Number": {"_value": "102"}, "FirstName": {"_value": "Jane"}, "LastName": {"_value": "Roe"}},
        {"Id": 102, "Number": {"_value": "103"}, "FirstName": {"_value": "Max"},
        "LastName": {"_value": "Mustermann"}}, {"Id": 103, "Number": {"_value": "104"},
        "FirstName": {"_value": "Erika"}, "LastName": {"_value": "Musterfrau"}}, {"Id": 104,
        "Number": {"_value": "105"}, "FirstName": {"_value": "Ann"}, "LastName": {"_value": "Miller"}},
        {"Id": 105, "Number": {"_value": "106"}, "FirstName": {"_value": "Bob"},
        "LastName": {"_value": "Stone"}}, {"Id": 106, "Number": {"_value": "107"},
        "FirstName": {"_value": "Carla"}, "LastName": {"_value": "Voss"}}, {"Id": 107,
        "Number": {"_value": "108"}, "FirstName": {"_value": "Dirk"}, "LastName": {"_value": "Lang"}},
        {"Id": 108, "Number": {"_value": "109"}, "FirstName": {"_value": "Eva"},
        "LastName": {"_value": "Brandt"}}, {"Id": 109, "Number": {"_value": "110"},
        "FirstName": {"_value": "Finn"}, "LastName": {"_value": "Kurz"}}], "itemsByPage": 10, "count": 12}}}]
        """#

    static let members10 = #"""
        [{"Item": {"Members": {"selected": [{"Id": 110, "Number": {"_value": "111"},
        "FirstName": {"_value": "Gabi"}, "LastName": {"_value": "Hahn"}}, {"Id": 111,
        "Number": {"_value": "112"}, "FirstName": {"_value": "Hugo"}, "LastName": {"_value": "Krause"}}],
        "itemsByPage": 10, "count": 12}}}]
        """#

    static let trunks = #"""
        {"list": [{"Id": 70, "Number": "10001", "Name": "SIP-Trunk Muster", "ExternalNumber": "+493023125000",
        "Host": "sip.example.net", "Type": "Provider", "SimCalls": "10", "IsRegistered": true}]}
        """#

    static let queues = #"""
        {"list": [{"Id": 55, "Number": "80", "Name": "Support", "PollingStrategy": "RingAll", "RingTime": 20},
        {"Id": 56, "Number": "82", "Name": "Sales", "PollingStrategy": "Hunt", "RingTime": 20}]}
        """#

    static let ringGroups = #"""
        {"list": [{"Id": 60, "Number": "800", "Name": "Front desk", "Type": "RingAll",
        "NoAnswerDest": "VoiceMail 101"}]}
        """#

    static let all: [(name: String, text: String)] = [
        ("groups", groups),
        ("openedGroup", openedGroup),
        ("members0", members0),
        ("members10", members10),
        ("trunks", trunks),
        ("queues", queues),
        ("ringGroups", ringGroups),
    ]
}
