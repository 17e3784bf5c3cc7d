import Testing

@testable import Adapters
@testable import Domain

@Suite("A look into Zammad's caller log")
struct LookUpClassifierTests {
    @Test(
        "is judged by what the caller log says",
        arguments: [
            (200, [("c", "hangup")], .delivered(.plain)),
            (200, [("b", "hangup"), ("c", "newCall")], .notStored("Zammad has the call as newCall")),
            (200, [("b", "hangup")], .unverifiable("Zammad's caller log does not show the call")),
            (200, nil, .unverifiable("Zammad's answer is not a caller log")),
            (
                403, nil,
                .unverifiable("HTTP 403: x for Zammad's caller log: the token needs the permission cti.agent")
            ),
            (404, nil, .unverifiable("HTTP 404: x for Zammad's caller log")),
            (502, nil, .retry("HTTP 502", scope: .zammad)), (500, nil, .retry("HTTP 500", scope: .event)),
        ] as [(Int, [(String, String)]?, DeliveryOutcome)])
    func classified(_ status: Int, _ log: [(String, String)]?, _ expected: DeliveryOutcome) {
        let rows = log?.map { LookUpClassifier.Row(callID: $0.0, state: $0.1) }
        let text = (400..<500).contains(status) ? "x" : nil
        let outcome = LookUpClassifier.classify(
            ZammadAnswer(status: status, errorText: text), log: rows, for: CallID(text: "c"))
        #expect(outcome == expected)
    }

    @Test("is made again where something else answers in Zammad's place", arguments: [200, 204, 403, 404, 431])
    func stranger(_ status: Int) {
        for body in [ZammadAnswer.Body.webPage, .empty, .other] {
            let answer = ZammadAnswer(status: status, body: body)
            let outcome = LookUpClassifier.classify(answer, log: nil, for: CallID(text: "c"))
            #expect(outcome == .misconfigured(answer.strangersWords))
        }
    }
}
