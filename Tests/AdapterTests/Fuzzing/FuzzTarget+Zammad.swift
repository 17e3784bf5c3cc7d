import Domain
import FoundationEssentials
import Ports

@testable import Adapters

extension FuzzTarget {
    private static let secret = "q7-endpoint-token"

    static let zammad = [
        FuzzTarget(name: "zammad-reply") { bytes in
            for status in [200, 422, 500] {
                let answer = ReplyClassifier.Answer(
                    HTTPResponse(status: status, headers: ["Retry-After": "\(bytes.count)"], body: bytes),
                    hiding: [secret])
                for text in [answer.errorText, answer.actionDetail].compactMap(\.self) {
                    try expect(text.count <= 200 && !text.contains(secret), "an unfit text: \(text)")
                }
                for event in CallCommand.Event.allCases { _ = ReplyClassifier.classify(answer, to: event) }
            }
        },
        FuzzTarget(name: "trace") { bytes in
            let mask = TraceMask(secrets: [Secret(secret)])
            for type in ["application/json", "text/html", "application/x-www-form-urlencoded", nil] {
                let line = mask.body(bytes, contentType: type)
                try expect(!line.contains(secret), "the secret in a trace")
                try expect(!line.contains("\n"), "a trace of two lines")
                try expect(line.utf8.count <= TraceMask.longestBody + 40, "a trace of \(line.utf8.count) bytes")
            }
        },
    ]
}
