import Domain
import Ports

/// A run of `simulate` as one page without anything from elsewhere, and without a script.
package enum SimulationPage {
    package static func html(_ reports: [SimulationReport]) -> String {
        let failed = reports.count { !$0.passed }
        let title = failed == 0 ? "\(reports.count) passed" : "\(failed) of \(reports.count) failed"
        let sections = reports.enumerated().map { index, report in
            SimulationSection(report, id: "f\(index + 1)", isOpen: !report.passed || reports.count <= 3).html
        }
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8"/>
            <meta name="viewport" content="width=device-width, initial-scale=1"/>
            <meta name="color-scheme" content="light dark"/>
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"/>
            <title>simulate: \(title)</title>
            <style>\(StatusPage.css)\(StatusPage.reportCSS)</style>
            </head>
            <body>
            <main>
            <header class="top">
            <div>
            <h1>Replayed calls</h1>
            <p class="quiet">What the phone system showed, what the bridge decided, and what was reported to Zammad.</p>
            </div>
            <p class="pill \(failed == 0 ? "good" : "bad")">\
            <span class="mark" aria-hidden="true">\(failed == 0 ? "✓" : "✗")</span>\(title)</p>
            </header>
            \(index(reports))
            \(legend)
            \(sections.joined(separator: "\n"))
            <footer class="quiet">zammadbridge simulate</footer>
            </main>
            </body>
            </html>

            """
    }

    /// Links to all scenarios, the failed ones first.
    private static func index(_ reports: [SimulationReport]) -> String {
        guard reports.count > 1 else { return "" }
        let entries = reports.enumerated().sorted {
            ($0.element.passed ? 1 : 0, $0.offset) < ($1.element.passed ? 1 : 0, $1.offset)
        }
        let links = entries.map { index, report in
            """
            <li class="\(report.passed ? "good" : "bad")">\
            <span class="sign" aria-label="\(report.passed ? "passed" : "failed")">\
            \(report.passed ? "✓" : "✗")</span><a href="#f\(index + 1)">\(HTMLText.name(report.fixture.name))</a></li>
            """
        }
        return """
            <nav class="card index" aria-label="Scenarios"><ol>
            \(links.joined(separator: "\n"))
            </ol></nav>
            """
    }

    private static let legend = """
        <ul class="legend quiet">
        <li><i class="span ringing"></i>ringing</li><li><i class="span waiting"></i>waiting</li>
        <li><i class="span talking"></i>talking</li>
        <li><i class="span voicemail"></i>voicemail</li><li><i class="span other"></i>other</li>
        <li><b class="pin same">1</b>reported, as expected</li>
        <li><b class="pin missing">1</b>expected, missing</li>
        <li><b class="pin surplus">1</b>not expected</li>
        </ul>
        """
}
