import Domain
import Testing

@Suite("The number within a text")
struct PartyNumberTests {
    @Test(
        "is taken out of addresses",
        arguments: [
            ("sip:+493023125001@sip.example.net", "+493023125001"),
            ("SIP:03023125001@192.0.2.1:5060;transport=tcp", "03023125001"),
            ("sips:%2B493023125001@sip.example.net", "+493023125001"),
            ("<sip:00493023125001@sip.example.net;user=phone>", "00493023125001"),
            ("\"Max\" <sip:+493023125001@sip.example.net>", "+493023125001"),
            ("tel:+49-30-23125001;ext=12", "+49-30-23125001"),
            ("callto:03023125001", "03023125001"),
            ("+493023125001;ext=101", "+493023125001"),
            ("+493023125001@sip.example.net", "+493023125001"),
            ("sip:anonymous@anonymous.invalid", "anonymous"),
            ("sip:", ""), ("", ""), ("+493023125001", "+493023125001"), ("Muster; Max", "Muster; Max"),
            ("10:15 Uhr", "10:15 Uhr"), ("50 % Rabatt", "50 % Rabatt"), (">sip:<", ">sip:<"),
        ])
    func plain(_ text: String, _ number: String) {
        #expect(PartyNumber.plain(text) == number)
    }

    @Test(
        "is what stands behind a dial code",
        arguments: [
            ("*3103023125044", "03023125044"), ("*31#03023125044", "03023125044"),
            ("#31#+493023125044", "+493023125044"), ("*31+493023125044", "+493023125044"),
            ("*31 030 23125044", "03023125044"), ("*503023125044", "03023125044"), ("*6712125550123", "12125550123"),
            ("*822125550123", "2125550123"), ("sip:*3103023125044@sip.example.net", "03023125044"),
            ("03023125044", "03023125044"), ("+49 30 23125044", "+493023125044"), ("101", "101"),
            ("03023125044#", "03023125044"), ("+493023125044 #", "+493023125044"),
        ])
    func called(_ text: String, _ number: String) {
        #expect(PartyNumber.called(text) == number)
    }

    @Test(
        "keeps a dial code that no sign ends, since only a plan tells how long it is",
        arguments: [
            ("*3103023125044", "*3103023125044"), ("*31 030 23125044", "*3103023125044"),
            ("**03023125044", "*03023125044"),
            ("*31#03023125044", "03023125044"), ("*31+493023125044", "+493023125044"),
            ("03023125044#", "03023125044"), ("*62", nil), ("anonymous", nil),
        ] as [(String, String?)])
    func dialled(_ text: String, _ number: String?) {
        #expect(PartyNumber.dialled(text) == number)
    }

    @Test(
        "of a caller has no dial code",
        arguments: [
            ("*67", nil), ("#31", nil), ("*91234", "*91234"), ("#", nil), ("*31#03023125044", nil),
            ("*493023125001", "*493023125001"),
            ("+493023125001", "+493023125001"), ("sip:03023125001@sip.example.net", "03023125001"), ("anonymous", nil),
        ] as [(String, String?)])
    func calling(_ text: String, _ number: String?) {
        #expect(PartyNumber.calling(text) == number)
    }

    @Test(
        "is none in a feature code",
        arguments: [
            "*62", "*91234", "*91234567", "*0*816#", "*20*101", "*21*03023125044#", "##21#", "#", "*", "**", "*1+",
            "*31#", "*31#101", "*1234*03023125044", "*31#0302*3125044", "", "anonymous", "*\u{1F98A}0302312500",
            "*" + String(repeating: "1", count: 200),
        ])
    func featureCode(_ text: String) {
        #expect(PartyNumber.called(text) == nil)
    }
}
