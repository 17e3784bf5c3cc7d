import Domain

/// Other numbers for those of customers and of the company: of the same form and length and with the same country code, from the range
/// that is set aside for fiction where they are long enough. Numbers that may be of one party are of one party afterwards too.
struct PseudonymNumbers: Sendable {
    /// Numbers with fewer digits stay, unless they begin with a plus: extensions, queues, emergency numbers.
    static let shortest = 6
    /// Longer ones are never taken for a DN, whatever a list says.
    private static let longestDN = 8

    /// The numbers of one party, by the digits that all of its forms end with.
    private struct Party: Sendable {
        /// Without leading zeros, and without country code where enough is left.
        var digits: [UInt8]
        /// How many of the first digits must stay.
        var kept = 0
        /// Whether one form is bare digits, which must begin with the country's prefix or must not, as they do.
        var isBare = false
        var pseudonym: [UInt8] = []
        /// How many digits are the country code, by the digits of longer forms.
        var codes: [[UInt8]: Int] = [:]
        /// How the session writes the number.
        var texts: [(text: String, form: Form)] = []
    }

    private struct Form: Hashable {
        /// Without plus and leading zeros.
        var significant: [UInt8]
        /// How many of them are the country code, with the prefix before it that is dialled without zeros.
        var code: Int
        var isBare: Bool
        /// How many digits at the beginning of `significant` the text does not have.
        var unwritten = 0
        /// How many of `code` are dialled before a country code.
        var dialled = 0

        /// The same with all digits.
        var written: Form {
            var form = self
            form.unwritten = 0
            return form
        }

        /// What tells the party: so few digits as remain of a short number would be found in others.
        var own: ArraySlice<UInt8> {
            let count = significant.count
            return significant.dropFirst([code, dialled].first { count - $0 >= PseudonymNumbers.shortest } ?? 0)
        }
    }

    private let plan: NumberPlan
    private let countryPrefix: [UInt8]
    /// Which digit stands for which, in front of the shortest form of a number.
    private let others: [UInt8: UInt8]
    private let lengthsOfDNs: Set<Int>
    private(set) var stations: Set<String> = []
    private var forms: [Form: Set<String>] = [:]
    /// The real ones, without separators.
    private var originals: Set<String> = []
    private var parties: [Party] = []
    /// By the last digits, as many as two numbers of one party must share.
    private var positions: [[UInt8]: [Int]] = [:]
    private var count = 0

    init(_ plan: NumberPlan, lengthsOfDNs: [Int?]) {
        self.plan = plan
        let prefix = Array((plan.countryPrefix ?? "").utf8)
        self.countryPrefix = prefix
        let changing = (UInt8(ascii: "1")...UInt8(ascii: "9")).filter { !prefix.contains($0) }
        others = Dictionary(uniqueKeysWithValues: zip(changing, changing.dropFirst(4) + changing.prefix(4)))
        self.lengthsOfDNs = Set(lengthsOfDNs.compactMap { $0 }.filter { $0 <= Self.shortest })
    }

    /// A number of the phone system itself, which stays.
    mutating func keep(station: String) {
        guard station.utf8.count <= Self.longestDN, station.utf8.first != UInt8(ascii: "0"),
            station.utf8.allSatisfy({ 0x30...0x39 ~= $0 })
        else { return }
        stations.insert(station)
    }

    /// - Parameter text: What `NumberPlan` takes for a number; anything else stays.
    mutating func collect(_ text: String) {
        guard let form = form(of: text), let original = NumberPlan.compact(text) else { return }
        forms[form, default: []].insert(original)
        originals.insert(original)
    }

    /// The pseudonyms of all numbers that one of the patterns holds.
    mutating func replaced(_ patterns: [NumberPattern], _ plan: NumberPlan) -> [String] {
        let held = originals.filter { original in
            plan.comparable(original).map { number in patterns.contains { $0.matches(number) } } ?? false
        }
        return Set(held.sorted().map { replaced($0) }).sorted()
    }

    /// Takes those that were collected together, the shortest first: it tells which digits the longer ones share with it.
    mutating func settle() {
        let sorted = forms.sorted {
            let (left, right) = ($0.key.own.count, $1.key.own.count)
            return left != right
                ? left < right : $0.key.significant.lexicographicallyPrecedes($1.key.significant)
        }
        for (form, texts) in sorted { add(form, texts) }
        forms = [:]
        for index in parties.indices where parties[index].pseudonym.isEmpty { name(index) }
    }

    /// `text` with other digits, all else as it was.
    mutating func replaced(_ text: String) -> String {
        guard let form = form(of: text) else { return text }
        if party(of: form) == nil {
            forms[form] = [text]
            settle()
        }
        guard let index = party(of: form) else { return text }
        return replaced(text, form, parties[index])
    }

    private func replaced(_ text: String, _ form: Form, _ party: Party) -> String {
        var scalars = Array(text.unicodeScalars)
        var places = scalars.indices.filter { ("0"..."9").contains(scalars[$0]) }
        // The zero in `+49 (0) 30` is no digit of the number.
        if let zero = Self.placeOfTrunkZero(scalars), form.significant.count < places.count,
            isLeftOut(text, places.count)
        {
            places.removeAll { $0 == zero }
        }
        let digits = pseudonym(of: form, in: party).dropFirst(form.unwritten)
        for (place, digit) in zip(places.reversed(), digits.reversed()) {
            scalars[place] = Unicode.Scalar(digit)
        }
        return String(String.UnicodeScalarView(scalars))
    }

    // MARK: - Forms

    private func form(of text: String) -> Form? {
        guard let compact = NumberPlan.compact(text) else { return nil }
        let digits = compact.utf8.filter { 0x30...0x39 ~= $0 }
        guard digits.count >= Self.shortest || compact.hasPrefix("+"), !isStation(compact) else { return nil }
        let significant = Array(digits.drop { $0 == UInt8(ascii: "0") })
        guard !significant.isEmpty else { return nil }
        // Whatever is dialled in front of a number that the plan knows stays in front of it.
        if let full = plan.full(text).map({ Array($0.utf8) }) {
            let code = Self.codeLength(full[...])
            return Form(
                significant: full, code: code, isBare: false,
                unwritten: digits.suffix(full.count) == full[...] ? 0 : code)
        }
        if compact.hasPrefix("+") || compact.hasPrefix("00") {
            return Form(significant: significant, code: Self.codeLength(significant[...]), isBare: false)
        }
        if countryPrefix == [UInt8(ascii: "1")], compact.hasPrefix("011") {
            let rest = significant.dropFirst(2).drop { $0 == UInt8(ascii: "0") }
            let dialled = significant.count - rest.count
            return rest.isEmpty
                ? nil
                : Form(significant: significant, code: dialled + Self.codeLength(rest), isBare: false, dialled: dialled)
        }
        guard digits.first != UInt8(ascii: "0"), compact.utf8.first.map({ 0x30...0x39 ~= $0 }) ?? false else {
            return nationalForm(significant)
        }
        let hasPrefix =
            !countryPrefix.isEmpty && significant.starts(with: countryPrefix)
            && significant.count >= countryPrefix.count + Self.shortest
        return Form(significant: significant, code: hasPrefix ? countryPrefix.count : 0, isBare: !hasPrefix)
    }

    /// A short one could not be told from the end of another, but for the country code that it is reported with.
    private func nationalForm(_ significant: [UInt8]) -> Form {
        guard significant.count < Self.shortest, !countryPrefix.isEmpty else {
            return Form(significant: significant, code: 0, isBare: false)
        }
        return Form(
            significant: countryPrefix + significant, code: countryPrefix.count, isBare: false,
            unwritten: countryPrefix.count)
    }

    private func isStation(_ compact: String) -> Bool {
        stations.contains(compact)
            || (lengthsOfDNs.contains(compact.utf8.count) && compact.utf8.allSatisfy { 0x30...0x39 ~= $0 })
    }

    private func isLeftOut(_ text: String, _ places: Int) -> Bool {
        let digits = NumberPlan.compact(text).map { $0.utf8.count { 0x30...0x39 ~= $0 } }
        return digits.map { $0 < places } ?? false
    }

    private static func placeOfTrunkZero(_ text: [Unicode.Scalar]) -> Int? {
        text.indices.dropFirst().first {
            text[$0] == "0" && text[$0 - 1] == "(" && $0 + 1 < text.count && text[$0 + 1] == ")"
        }
    }

    /// ITU E.164: one digit for zones 1 and 7, and two for these.
    private static let twoDigitCodes: Set<UInt8> = Set(
        [20, 27, 30, 31, 32, 33, 34, 36, 39, 40, 41] + Array(43...49) + Array(51...58) + Array(60...66) + [
            81, 82, 84, 86,
        ]
            + Array(90...95) + [98])

    /// At least three digits are never taken for a code.
    private static func codeLength(_ digits: ArraySlice<UInt8>) -> Int {
        guard let first = digits.first, let second = digits.dropFirst().first else { return 0 }
        let length =
            first == UInt8(ascii: "1") || first == UInt8(ascii: "7")
            ? 1 : twoDigitCodes.contains((first - 0x30) * 10 + second - 0x30) ? 2 : 3
        return min(length, max(0, digits.count - 3))
    }

    // MARK: - Parties

    private func party(of form: Form) -> Int? {
        let key = Array(form.significant.suffix(Self.shortest))
        return positions[key]?.first {
            let digits = parties[$0].digits
            return form.significant.count >= digits.count && form.significant.suffix(digits.count).elementsEqual(digits)
                && (digits.count >= Self.shortest || form.significant.count == digits.count)
        }
    }

    private mutating func add(_ form: Form, _ texts: Set<String>) {
        let index: Int
        if let known = party(of: form) {
            index = known
        } else {
            index = parties.count
            let digits = Array(form.own)
            parties.append(Party(digits: digits))
            positions[Array(digits.suffix(Self.shortest)), default: []].append(index)
        }
        parties[index].texts += texts.sorted().map { ($0, form) }
        if form.code > 0 { parties[index].codes[form.significant] = form.code }
        let length = parties[index].digits.count
        let before = form.significant.count - length
        parties[index].kept = max(parties[index].kept, form.code - before)
        guard form.isBare else { return }
        if before == 0 {
            parties[index].isBare = true
        } else {
            parties[index].kept = max(parties[index].kept, min(length, countryPrefix.count - before))
        }
    }

    /// With the digits that the shortest form of the number does not have: an area code, mostly. Digits of the country's prefix stay
    /// there, so that bare digits begin with it as they did.
    private func pseudonym(of form: Form, in party: Party) -> [UInt8] {
        let before = max(0, form.significant.count - party.digits.count)
        let code = form.code > 0 ? form.code : party.codes[form.significant] ?? 0
        let area = form.significant.prefix(before).enumerated().map { $0 < code ? $1 : others[$1] ?? $1 }
        return area + party.pseudonym
    }

    /// With so many of the first digits that the plan reads the pseudonym as it reads the number: it knows numbers by their beginnings.
    private mutating func name(_ index: Int) {
        let kept = parties[index].kept
        for further in 0...3 {
            parties[index].kept = min(kept + further, max(kept, parties[index].digits.count - 4))
            choose(index)
            if isRead(parties[index]) { return }
        }
        parties[index].kept = kept
        choose(index)
    }

    private func isRead(_ party: Party) -> Bool {
        party.texts.allSatisfy { text, form in
            let full = plan.full(text)
            return plan.full(replaced(text, form, party)) == full.map { replaced($0, form.written, party) }
        }
    }

    private mutating func choose(_ index: Int) {
        let party = parties[index]
        repeat {
            count += 1
            parties[index].pseudonym = pseudonym(for: party, count)
        } while (parties[index].pseudonym == party.digits && party.kept < party.digits.count && count < 900_000)
            || stations.contains(String(decoding: parties[index].pseudonym, as: UTF8.self))
    }

    private func pseudonym(for party: Party, _ number: Int) -> [UInt8] {
        let length = party.digits.count
        var digits: [UInt8]
        switch length {
        case 10...: digits = Array("3023125".utf8) + [UInt8](repeating: UInt8(ascii: "0"), count: length - 7)
        case 9: digits = Array("323125000".utf8)
        default: digits = Array("23125000".utf8.suffix(length))
        }
        if length < 4 { digits[0] = party.digits[0] == UInt8(ascii: "3") ? UInt8(ascii: "4") : UInt8(ascii: "3") }
        let end = min(6, length - 1)
        let tail = digits.suffix(end).reduce(0) { $0 * 10 + Int($1 - 0x30) } + number
        for (offset, digit) in Self.decimal(tail, end).enumerated() { digits[length - end + offset] = digit }
        if party.isBare, !countryPrefix.isEmpty {
            let shall = party.digits.starts(with: countryPrefix)
            if shall {
                for (offset, digit) in countryPrefix.prefix(length).enumerated() { digits[offset] = digit }
            } else if digits.starts(with: countryPrefix) {
                digits[0] = digits[0] == UInt8(ascii: "5") ? UInt8(ascii: "6") : UInt8(ascii: "5")
            }
        }
        for offset in 0..<max(0, min(party.kept, length)) { digits[offset] = party.digits[offset] }
        return digits
    }

    /// The last `count` digits.
    private static func decimal(_ number: Int, _ count: Int) -> [UInt8] {
        var rest = number
        var digits: [UInt8] = []
        for _ in 0..<count {
            digits.append(UInt8(rest % 10) + 0x30)
            rest /= 10
        }
        return digits.reversed()
    }
}
