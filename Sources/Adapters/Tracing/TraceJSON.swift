/// Rewrites JSON, well formed or not, with its values masked: the same structure and types on one line.
///
/// It reads signs, not values, so that a body which is cut short or damaged is masked as far as it goes: whatever is neither
/// a sign of JSON nor a known word is masked as a name.
struct TraceJSON {
    private struct Container {
        var isObject: Bool
        /// For elements, and for members whose key has no rule of its own.
        var rule: TraceRule
        var isSecret: Bool
        var expectsKey: Bool
        var memberRule: TraceRule?
        var membersAreReadable = false
    }

    private let text: TraceText
    private let bytes: [UInt8]
    private let limit: Int
    /// How deep in texts that hold JSON themselves.
    private let nesting: Int
    private var index = 0
    private var stack: [Container] = []
    private var output = ""
    private let isCut: Bool

    static func looksLikeJSON(_ bytes: some Collection<UInt8>) -> Bool {
        // A byte order mark is no part of it.
        let start = bytes.dropFirst(bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0).first { $0 > 0x20 }
        return start == UInt8(ascii: "{") || start == UInt8(ascii: "[")
    }

    /// At most about `limit` bytes of text; `isCut`: whether the bytes are the beginning of more.
    static func masked(_ bytes: [UInt8], with text: TraceText, limit: Int, isCut: Bool, nesting: Int = 0) -> String {
        var json = TraceJSON(text: text, bytes: bytes, limit: limit, nesting: nesting, isCut: isCut)
        return json.run()
    }

    private init(text: TraceText, bytes: [UInt8], limit: Int, nesting: Int, isCut: Bool) {
        self.text = text
        self.bytes = bytes
        self.limit = limit
        self.nesting = nesting
        self.isCut = isCut
    }

    private mutating func run() -> String {
        while index < bytes.count, output.utf8.count < limit {
            let byte = bytes[index]
            switch byte {
            case 0...0x20:
                if output.utf8.last != 0x20 { output += " " }
                index += 1
            case UInt8(ascii: "{"), UInt8(ascii: "["): open(byte)
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                stack.removeLast(min(1, stack.count))
                sign(byte)
            case UInt8(ascii: ","):
                if let last = stack.indices.last {
                    stack[last].expectsKey = stack[last].isObject
                    stack[last].memberRule = nil
                }
                sign(byte)
            case UInt8(ascii: ":"): sign(byte)
            case UInt8(ascii: "\""): string()
            default: bareWord()
            }
        }
        return output
    }

    private mutating func sign(_ byte: UInt8) {
        output.unicodeScalars.append(Unicode.Scalar(byte))
        index += 1
    }

    private var rule: TraceRule {
        guard let container = stack.last else { return .name }
        return container.isSecret ? .secret : container.memberRule ?? container.rule
    }

    private mutating func open(_ byte: UInt8) {
        let isObject = byte == UInt8(ascii: "{")
        let (rule, readable) = (rule, stack.last?.membersAreReadable ?? false)
        var isSecret = stack.last?.isSecret ?? false
        if case .secret = rule, !(isObject && readable) { isSecret = true }
        stack.append(
            Container(
                // Members are judged by their own keys; only `_value` and elements of a list go by the key above.
                isObject: isObject, rule: rule, isSecret: isSecret, expectsKey: isObject))
        sign(byte)
    }

    // MARK: - Strings

    private mutating func string() {
        let start = index + 1
        var end = start
        while end < bytes.count, bytes[end] != UInt8(ascii: "\"") { end += bytes[end] == UInt8(ascii: "\\") ? 2 : 1 }
        let isWhole = end < bytes.count
        end = min(end, bytes.count)
        index = min(end + 1, bytes.count)
        // A part of a secret would not be known as one.
        guard isWhole else { return output += "\"…\"" }
        let content = TraceLiteral.decoded(bytes[start..<end])
        if let last = stack.indices.last, stack[last].expectsKey {
            stack[last].expectsKey = false
            if bytes[index...].first(where: { $0 > 0x20 }) == UInt8(ascii: ":") { return key(content, last) }
            // Not a key after all: no JSON.
            stack[last].memberRule = .name
        }
        output += TraceLiteral.literal(value(content))
    }

    private mutating func key(_ key: String, _ last: Int) {
        let own = TraceRule(key: key)
        if ["_value", "value"].contains(key.lowercased()) {
            stack[last].memberRule = stack[last].rule
        } else {
            stack[last].memberRule = own
        }
        stack[last].membersAreReadable = TraceRule.holdsMembers(key: key)
        // The names of an interface's fields; a table by number or e-mail address has other keys.
        let isField = TraceShape.isField(key)
        output += TraceLiteral.literal(text.masked(key, as: isField ? .text : .name))
    }

    private func value(_ content: String) -> String {
        if case .secret = rule { return text.masked(content, as: .secret) }
        if nesting < 2, TraceJSON.looksLikeJSON(content.utf8) {
            return TraceJSON.masked(Array(content.utf8), with: text, limit: limit, isCut: false, nesting: nesting + 1)
        }
        return text.masked(content, as: rule)
    }

    // MARK: - Everything else

    private mutating func bareWord() {
        let start = index
        while index < bytes.count, bytes[index] > 0x20, !"{}[],:\"".utf8.contains(bytes[index]) { index += 1 }
        if index == bytes.count, isCut { return output += "…" }
        let word = String(decoding: bytes[start..<index], as: UTF8.self)
        if ["true", "false", "null"].contains(word) {
            output += word
        } else if let number = TraceNumber(word) {
            output += number.masked(as: rule, with: text)
        } else {
            output += TraceLiteral.escaped(text.masked(word, as: TraceRule.secretOrName(rule)))
        }
    }
}

extension TraceRule {
    fileprivate static func secretOrName(_ rule: TraceRule) -> TraceRule {
        if case .secret = rule { .secret } else { .name }
    }
}
