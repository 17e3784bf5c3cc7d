import Adapters
import Foundation
import Ports
import Testing
import Wire

@Suite("What a trace shows of a body")
struct TraceMaskTests {
    private static let secrets = [
        "pa$$ wörd&1", "0a1b2c3d4e5f", "https://zammad.example.net/odd/0a1b2c3d4e5f", "api-token-77",
    ]
    private static let mask = TraceMask(secrets: secrets.map(Secret.init))

    private static func masked(_ text: String, _ contentType: String = "application/json") -> String {
        mask.body(Array(text.utf8), contentType: contentType)
    }

    @Test("a known secret is masked in every form in which a server may send it back")
    func forms() {
        let secret = "Geheim-7&König+zwölf/1"
        let mask = TraceMask(secrets: [Secret(secret)])
        let bytes = Array(secret.utf8)
        let hexadecimal = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
        var forms = [secret, secret.uppercased(), secret.lowercased(), hexadecimal.joined()]
        forms.append(hexadecimal.map { "%\($0)" }.joined())
        forms.append(hexadecimal.map { "%\($0.uppercased())" }.joined())
        forms += [hexadecimal.map { "%25\($0)" }.joined(), hexadecimal.map { "%2525\($0)" }.joined()]
        forms.append(hexadecimal.map { "\\x\($0)" }.joined())
        forms.append(secret.replacing("&", with: "&amp;"))
        forms.append(secret.replacing("ö", with: "\\u00f6"))
        forms.append(secret.replacing("ö", with: "&#246;"))
        forms.append(secret.replacing("&", with: "&#38;").replacing("/", with: "&#x2F;"))
        forms.append(secret.replacing("/", with: "\\/").replacing("&", with: "%26"))
        for before in ["", "a", "ab", "abc:"] {
            let encoded = Data((before + secret + ":x").utf8).base64EncodedString()
            forms += [encoded, encoded.replacing("+", with: "-").replacing("/", with: "_")]
        }
        for form in forms {
            for (text, type) in [
                ("it was \(form), you know", "text/plain"), ("<p>it was \(form)</p>", "text/html"),
                ("message=\(form)", "application/x-www-form-urlencoded"),
                ("{\"message\":\"\(form.replacing("\\", with: "\\\\"))\"}", "application/json"),
            ] {
                let shown = mask.body(Array(text.utf8), contentType: type)
                // What is left beside a secret in Base64 are the characters that hold a part of its neighbours.
                let left = shown.filter { $0.isLetter || $0.isNumber }.count
                #expect(shown.contains("••••") && left <= 28, "\(form) in \(type): \(shown)")
            }
        }
        #expect(mask.sentence("Geh heim, König zwölf") == "Geh heim, König zwölf")
    }

    @Test(
        "JSON keeps structure, ids, times and states, and loses secrets, numbers and names",
        arguments: [
            (
                #"{"Now":"2026-02-03T09:15:01.3304112+00:00","list":[{"Id":322,"Caller":"10001 SIP-Trunk Muster "#
                    + #"(+493023125001)","Callee":"101 John Doe","Status":"Routing","EstablishedAt":null}]}"#,
                #"{"Now":"2026-02-03T09:15:01.3304112+00:00","list":[{"Id":322,"Caller":"10001 S…-T… M… "#
                    + #"(•••001)","Callee":"101 J… D…","Status":"Routing","EstablishedAt":null}]}"#
            ),
            (
                #"{"id":8106000,"status":"Connected","dn":"101","party_caller_name":"Doe, John","party_dn":"10001","#
                    + #""party_caller_id":"+493023125001","device_id":"sip:101@127.0.0.1:5483;rinstance=c2a75fd2","#
                    + #""party_dn_type":"Wexternalline","direct_control":false,"callid":1264999}"#,
                #"{"id":8106000,"status":"Connected","dn":"101","party_caller_name":"D…, J…","party_dn":"10001","#
                    + #""party_caller_id":"•••001","device_id":"sip:101@127.0.0.1:5483;rinstance=c2a75fd2","#
                    + #""party_dn_type":"Wexternalline","direct_control":false,"callid":1264999}"#
            ),
            (
                #"{"sequence":1234567,"event":{"event_type":0,"entity":"/callcontrol/101/participants/8106123","#
                    + #""attached_data":"{\"party_caller_name\":\"Anna\",\"id\":7}"}}"#,
                #"{"sequence":1234567,"event":{"event_type":0,"entity":"/callcontrol/101/participants/8106123","#
                    + #""attached_data":"{\"id\":7,\"party_caller_name\":\"A…\"}"}}"#
            ),
            (
                #"{"token_type":"Bearer","expires_in":60,"access_token":"H.P.S","refresh_token":null}"#,
                #"{"token_type":"Bearer","expires_in":60,"access_token":"••••","refresh_token":null}"#
            ),
            (
                #"{"Status":"AuthSuccess","Token":{"token_type":"Bearer","expires_in":60,"access_token":"x"}}"#,
                #"{"Status":"AuthSuccess","Token":{"token_type":"Bearer","expires_in":60,"access_token":"••••"}}"#
            ),
            (
                #"{"Username":"admin","Password":"p","SecurityCode":"","LicenseKey":"ABC-123"}"#,
                #"{"Username":"a…","Password":"••••","SecurityCode":"","LicenseKey":"••••"}"#
            ),
            (
                #"{"credentials":{"id":7,"status":"x","list":[1.5,true,"y"]},"pin":123}"#,
                #"{"credentials":{"id":0,"status":"••••","list":[0,true,"••••"]},"pin":0}"#
            ),
            (
                #"{"callId":"3cx-322-1770109200000","direction":"in","event":"newCall","from":"493023125001","to":"101","#
                    + #""user":["John Doe","Jane Roe"],"answeringNumber":"101","user_id":7,"cause":"cancel"}"#,
                #"{"callId":"3cx-322-1770109200000","direction":"in","event":"newCall","from":"•••001","to":"101","#
                    + #""user":["J… D…","J… R…"],"answeringNumber":"101","user_id":7,"cause":"cancel"}"#
            ),
            (#"{"from":"anonymous","user":"voicemail"}"#, #"{"from":"anonymous","user":"voicemail"}"#),
            (
                #"{"error":"No route matches [POST] /odd/0a1b2c3d4e5f for anna.roe@example.com, +49 30 23125-001"}"#,
                #"{"error":"No route matches [POST] /odd/•••• for a….r…@e….c…, •••001"}"#
            ),
            (
                #"{"Number":{"_value":"101"},"FirstName":{"_value":"Ängström"},"EmailAddress":"a.b@c.de"}"#,
                #"{"Number":{"_value":"101"},"FirstName":{"_value":"Ä…"},"EmailAddress":"a….b…@c….d…"}"#
            ),
            (
                #"{"phone":493023125001,"port":5061,"x":-1234567,"y":0.25}"#,
                #"{"phone":999999999001,"port":5061,"x":-9999567,"y":0.25}"#
            ),
            (#"{"493023125001":"x","anna@example.com":1}"#, #"{"•••001":"x…","a…@e….c…":1}"#),
            (#"{"x":"eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ4In0.sig"}"#, #"{"x":"e….e….s…"}"#),
            (#"{"message":"sent eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ4In0.sig"}"#, #"{"message":"sent ••••"}"#),
            (#"{"x":"王小明","y":"محمد","z":""}"#, #"{"x":"…","y":"…","z":""}"#),
            (#"{"status":"pa$$ wörd&1"}"#, #"{"status":"••••"}"#),
            (#"{"id":"0a1b2c3d4e5f"}"#, #"{"id":"••••"}"#),
            (#"{"name":"\u0041nna \u00e4 \ud83d\ude00\n"}"#, #"{"name":"A… ä… 😀?"}"#),
            ("{\r\n  \"a\" : [ 1 ,\t2 ]\n}", #"{ "a" : [ 1 , 2 ] }"#),
            ("[]", "[]"),
        ])
    func json(text: String, expected: String) throws {
        #expect(try LoopbackJSON(text: Self.masked(text)) == LoopbackJSON(text: expected))
    }

    @Test(
        "JSON that is none shows its signs, and nothing of its words and digits",
        arguments: [
            (#"{"pass":"abc def"#, #"{"p…":"a… d…"#),
            (#"{"Caller":"10001 Muster (+4930231"#, #"{"C…":"••••• M… (••••••"#),
            (#"{'Caller':'Anna +493023125001'"#, #"{'C…':'A… ••••••'"#),
            (#"{"Caller":"101 Doe":"Anna"}]]"#, #"{"C…":"••• D…":"A…"}]]"#),
            (#"{pass: geheim, NaN, 1.2.3}"#, #"{p…: g…, N…, •.•.•}"#),
            (#"["a"#, #"["a…"#),
            (#"{"#, "{"),
            ("\u{FEFF}{\"name\":\"Anna\"}", "{\"name\":\"A…\"}"),
            (#""AuthSuccess""#, #""AuthSuccess""#),
            (#""Anna Roe""#, #""A… R…""#),
            ("Anna Roe", "A… R…"),
        ])
    func malformed(text: String, expected: String) {
        #expect(Self.masked(text) == expected)
    }

    @Test(
        "forms, texts and web pages as well",
        arguments: [
            (
                "client_id=bridge&client_secret=pa%24%24%20w%C3%B6rd%261&grant_type=client_credentials&phone=%2B493023125001&x",
                "application/x-www-form-urlencoded",
                "client_id=bridge&client_secret=••••&grant_type=client_credentials&phone=•••001&x"
            ),
            ("name=Anna+Roe&status=a%0Ab", "application/x-www-form-urlencoded", "name=A… R…&status=a…?b…"),
            ("AuthSuccess", "text/plain", "AuthSuccess"),
            ("all\r\n\tis well\u{1B}[31m and good", "text/plain", "all is well?[31m and good"),
            (
                "password: geheim, token=\"x y\"; Bearer abc", "text/plain",
                "password: ••••, token=\"•••• y\"; Bearer ••••"
            ),
            (
                "caller 030/23125-001 of 10001 at 2026-02-03 09:15:01, 10.1.2.3:5060", "text/plain",
                "caller •••001 of 10001 at 2026-02-03 09:15:01, 10.1.2.3:5060"
            ),
            (
                "<!DOCTYPE html><html><head><title>502 Bad\n Gateway</title><meta content=\"csrf\">"
                    + "<style>x{}</style><script>var t='geheim'</script></head><body>nginx</body></html>",
                "text/html", "502 Bad Gateway nginx… (160 bytes)"
            ),
            ("pa$$ wörd&amp;1", "text/html", "••••… (16 bytes)"),
            ("\u{0}\u{1}\u{2}\u{3}", "application/octet-stream", "(4 bytes that are no text)"),
            ("", "application/json", ""),
        ])
    func otherBodies(text: String, contentType: String, expected: String) {
        #expect(Self.masked(text, contentType) == expected)
    }

    @Test(
        "is bounded, and no part of a secret shows where a body is cut", .computing,
        arguments: [0, 1, 4, 5, 13, 26, 27])
    func limits(offset: Int) {
        let secret = "geheimes-wort-das-lang-ist"
        let mask = TraceMask(secrets: [Secret(secret)])
        let blanks = String(repeating: " ", count: 17_000)
        for (start, padding, type) in [
            ("", "1 ", "text/plain"), ("", " ", "text/plain"), ("<p>", "\n", "text/html"),
            ("a=1", "&a=1", "application/x-www-form-urlencoded"), ("{", "1 ", "application/json"),
        ] {
            let head = (start + String(repeating: padding, count: 16_384)).utf8.prefix(16_384 - offset)
            let body = Array(head) + Array((secret + blanks).utf8)
            let shown = mask.body(body, contentType: type)
            #expect(shown.hasSuffix("… (\(body.count) bytes)") && shown.unicodeScalars.count < 16_100)
            #expect(!shown.contains("gehei"))
        }
        for count in [9_000, 90_000] {
            let long = "[" + Array(repeating: "\"ä\"", count: count).joined(separator: ",") + "]"
            let shown = mask.body(Array(long.utf8))
            #expect(shown.unicodeScalars.count < 16_100 && shown.contains("… (") && !shown.contains("\u{FFFD}"))
        }
    }

    @Test(
        "addresses show their path",
        arguments: [
            ("https://pbx.example.net/callcontrol/101/participants/8106123", "/callcontrol/101/participants/8106123"),
            ("https://z.example.net/api/v1/cti/abc", "/api/v1/cti/••••"),
            ("https://z.example.net/api/v1/cti/log", "/api/v1/cti/log"),
            ("https://z.example.net/odd/0a1b2c3d4e5f?x=Anna", "/odd/••••?x=A…"),
            (
                "https://z.example.net/api/v1/users/search?query=anna%40example.com&limit=50",
                "/api/v1/users/search?query=a…@e….c…&limit=50"
            ),
            (
                "https://pbx.example.net/xapi/v1/Groups(35)/Members?$top=100&$select=Id,Number",
                "/xapi/v1/Groups(35)/Members?$top=100&$select=Id,Number"
            ),
            ("https://pbx.example.net", "/"),
        ])
    func targets(url: String, expected: String) {
        #expect(Self.mask.target(of: url) == expected)
    }

    @Test("only harmless headers are shown")
    func headers() {
        let headers: HTTPHeaders = [
            "Content-Type": "application/json", "Set-Cookie": "a=b", "Authorization": "Bearer x", "Cookie": "c=d",
            "Location": "https://sso.example.net/login?token=abc", "Retry-After": "7", "X-3CX-Version": "20.0.8.1109",
            "WWW-Authenticate": "Bearer error=\"x\"", "X-Request-Id": "Anna",
        ]
        #expect(
            Self.mask.headers(headers)
                == "content-type: application/json; location: https://sso.example.net/…; retry-after: 7; "
                + "x-3cx-version: 20.0.8.1109; www-authenticate: Bearer")
    }

    @Test("numbers stay whole where the operator wants to see them, secrets and names do not")
    func numbers() {
        let mask = TraceMask(secrets: [Secret("geheim")], showsNumbers: true)
        let text = #"{"Caller":"10001 Doe (+493023125001)","phone":493023125001,"x":"geheim"}"#
        #expect(
            mask.body(Array(text.utf8))
                == #"{"Caller":"10001 D… (+493023125001)","phone":493023125001,"x":"••••"}"#)
    }

    @Test("knows the secrets of a configuration")
    func configuration() {
        var configuration = BridgeConfiguration(
            phoneSystem: .init(host: "https://pbx.example.net"),
            zammad: .init(endpoint: Secret("https://z.example.net/sub/api/v1/cti/token-of-cti")))
        configuration.phoneSystem.password = Secret("password-of-pbx")
        configuration.phoneSystem.clientSecret = Secret("secret-of-client")
        configuration.zammad.apiToken = Secret("token-of-api")
        let shown = TraceMask(configuration).body(
            Array("a password-of-pbx b secret-of-client c token-of-api d /sub/api/v1/cti/token-of-cti".utf8))
        #expect(shown == "a •••• b •••• c •••• d /sub/api/v1/cti/••••")
    }
}
