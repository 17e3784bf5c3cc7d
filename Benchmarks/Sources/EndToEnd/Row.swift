import Foundation
import NIOCore

/// One line of the table: what was measured, and what is aimed at.
struct Row {
    var what: String
    var target: String
    var measured: String
    var isMet: Bool

    /// - Parameter limit: In the same unit as `value`.
    init(_ what: String, _ value: Double, limit: Double, unit: String, digits: Int = 2) {
        self.what = what
        target = "≤ \(Self.text(limit, digits)) \(unit)"
        measured = "\(Self.text(value, digits)) \(unit)"
        isMet = value <= limit
    }

    var line: String { "| \(isMet ? "✓" : "✗") | \(what) | \(target) | \(measured) |" }

    private static func text(_ value: Double, _ digits: Int) -> String { String(format: "%.\(digits)f", value) }
}

extension [TimeAmount] {
    /// Milliseconds that the given share of these (sorted) times does not exceed.
    func percentile(_ share: Double) -> Double {
        guard let last = indices.last else { return .infinity }
        return Double(self[Swift.min(last, Int(Double(count) * share))].nanoseconds) / 1e6
    }
}
