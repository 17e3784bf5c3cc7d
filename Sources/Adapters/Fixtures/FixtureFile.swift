import FoundationEssentials
import Wire

/// A fixture with the file that it stands in.
package struct FixtureFile: Sendable {
    package let path: String
    package let fixture: Fixture
    private let text: String

    /// Why a file is no fixture: what is wrong, where, and what to do.
    package struct Failure: Error, CustomStringConvertible {
        package let description: String

        package init(description: String) {
            self.description = description
        }
    }

    /// Larger ones are no recordings of calls.
    private static let maximumBytes = 64 * 1024 * 1024

    package init(path: String) throws(Failure) {
        let bytes: [UInt8]
        do {
            bytes = try BoundedFile.read(path, limit: Self.maximumBytes)
        } catch {
            throw Failure(description: "the fixture \(error.description) at \(path); check the path")
        }
        try self.init(bytes, path: path)
    }

    /// `bytes`: what stands in the file at `path`, or is to stand there.
    package init(_ bytes: [UInt8], path: String) throws(Failure) {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Failure(description: "the fixture is not UTF-8 text at \(path); save it as UTF-8")
        }
        do {
            fixture = try JSONDecoder().decode(Fixture.self, from: Data(bytes))
        } catch {
            throw Failure(description: "\(Self.explain(error)) at \(path); docs/fixtures.md describes the format")
        }
        self.path = path
        self.text = text
    }

    /// Writes the file anew with other expectations, all else to the letter as it was.
    package func rewrite(expect: [ExpectedRequest]) throws(Failure) {
        let text = try text(expecting: expect)
        do {
            try OutputFile.write(text, to: path)
        } catch {
            throw Failure(
                description: "the fixture cannot be written (\(error)) at \(path); check the folder and its permissions"
            )
        }
    }

    func text(expecting expect: [ExpectedRequest]) throws(Failure) -> String {
        let lines = expect.map { "    \($0.line)" }.joined(separator: ",\n")
        let value = expect.isEmpty ? "[]" : "[\n\(lines)\n  ]"
        if let replaced = FixtureJSON.replacing("expect", with: value, in: text) { return replaced }
        guard let end = text.lastIndex(of: "}") else {
            throw Failure(description: "no place for expectations at \(path); add \"expect\": []")
        }
        var head = text[..<end]
        // The decoder takes a comma behind the last value as well.
        while let last = head.last, last.isWhitespace || last == "," { head.removeLast() }
        return head + ",\n  \"expect\": \(value)\n}\n"
    }

    private static func explain(_ error: any Error) -> String {
        guard let error = error as? DecodingError else { return "unreadable JSON" }
        func place(_ path: [any CodingKey]) -> String {
            let names = path.map { key in
                if let index = key.intValue { return "[\(index)]" }
                return key.stringValue.contains("/") ? ".\"\(key.stringValue)\"" : ".\(key.stringValue)"
            }
            return names.isEmpty ? "" : " in \(names.joined().drop { $0 == "." })"
        }
        switch error {
        case .keyNotFound(let key, let context): return "missing key \"\(key.stringValue)\"\(place(context.codingPath))"
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            return "a value of the wrong type\(place(context.codingPath))"
        case .dataCorrupted(let context):
            // The decoder's own text says no more than this, and does not say where.
            return context.debugDescription.hasPrefix("The given data was not valid JSON")
                ? "invalid JSON" : context.debugDescription + place(context.codingPath)
        @unknown default: return "unreadable JSON"
        }
    }
}
