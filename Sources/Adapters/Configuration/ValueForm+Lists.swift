import Domain
import Ports

extension ValueForm {
    private static func list<Element>(
        _ expectation: String, example: String, _ parse: @escaping @Sendable (String) -> Element?,
        shown: @escaping @Sendable (Element) -> String
    ) -> ValueForm where Value == [Element] {
        ValueForm(
            shape: .list, expectation: expectation, example: example,
            read: { value, key, findings in
                let elements: [YAMLValue]
                switch value.content {
                case .scalar(""): elements = []
                case .list(let list): elements = list
                default: elements = [value]
                }
                let read = elements.compactMap { element -> Element? in
                    if case .scalar(let text) = element.content, let parsed = parse(text) { return parsed }
                    key.refuse(element, &findings)
                    return nil
                }
                return read.count == elements.count ? read : nil
            }, shown: { $0.isEmpty ? .none : .list($0.map { .text(shown($0)) }) })
    }
}

extension ValueForm<[String]> {
    static var names: ValueForm {
        .list("a name or a list of names", example: "Support", { $0.isEmpty ? nil : $0 }, shown: \.self)
    }

    /// The reference bridge's way to say "no queue" is 0.
    static var extensions: ValueForm {
        let form = ValueForm.list(
            "a number of 1 to 20 digits or a list of such numbers", example: "816",
            { (1...20).contains($0.count) && $0[...].isDigits ? $0 : nil }, shown: \.self)
        return ValueForm(
            shape: form.shape, expectation: form.expectation, example: form.example,
            read: { form.read($0, $1, &$2)?.filter { $0 != "0" } }, shown: form.shown)
    }

    /// Outside numbers and beginnings of them.
    static var outsideNumbers: ValueForm {
        .list(
            "a phone number of 3 digits or more, with * at its end for all that begin like it, or a list of these",
            example: "[+4917012345, 0171*]", { NumberPattern(outside: $0, NumberPlan()) == nil ? nil : $0 },
            shown: \.self)
    }
}

extension ValueForm<[NumberPattern]> {
    /// Numbers, beginnings of numbers, and ranges.
    static var patterns: ValueForm {
        .list(
            "a number, the beginning of numbers with * at its end, a range such as 800-816, or a list of these",
            example: "[101, 11*, 800-816]", { NumberPattern($0) }, shown: \.description)
    }
}
