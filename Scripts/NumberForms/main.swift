import Domain

// `COUNTRY_PREFIX FORMAT NUMBER` on each line; for each the number as Zammad is told it. For `Scripts/number-plans check`.
while let line = readLine() {
    let fields = line.split(separator: " ", maxSplits: 2).map(String.init)
    guard fields.count == 3, let format = NumberFormat(rawValue: fields[1]) else {
        print("?")
        continue
    }
    print(NumberPlan(countryPrefix: fields[0], format: format).reported(fields[2]))
}
