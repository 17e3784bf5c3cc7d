/// The status page: one file without anything from elsewhere. What it shows comes by `/events`, and is set as text, never as markup.
enum StatusPage {
    /// - Parameter nonce: Marks the style and the script as this server's.
    static func html(nonce: String) -> String {
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta name="robots" content="noindex">
        <title>3CX to Zammad</title>
        <link rel="icon" href="\(icon)">
        <style nonce="\(nonce)">\(PageStyle.css)</style>
        </head>
        <body>
        <div id="lost" class="banner" role="alert" hidden></div>
        <main>
        <header class="top">
        <div>
        <h1><span>3CX</span> <svg class="arrow" viewBox="0 0 24 12" aria-hidden="true"><path d="M1 6h20M16 1.5 21.5 6 16 10.5"/></svg><span class="sr">to</span> <span>Zammad</span></h1>
        <p id="subtitle" class="quiet">Telephone bridge</p>
        </div>
        <p id="overall" class="pill unknown" role="status"><span class="mark" aria-hidden="true">…</span><span class="label">Connecting</span></p>
        </header>
        <noscript><p class="note">This page needs JavaScript. The same as text: <a href="/status">/status</a>, or the command
        <code>zammadbridge status</code>.</p></noscript>
        <section class="sides" aria-label="Health">
        <article id="phoneSystem" class="card side unknown"></article>
        <article id="zammad" class="card side unknown"></article>
        </section>
        <section aria-labelledby="calls-title">
        <h2 id="calls-title">Calls now <span id="calls-count" class="count"></span></h2>
        <div id="calls" class="card list"></div>
        </section>
        <section id="watched-section" aria-labelledby="watched-title" hidden>
        <h2 id="watched-title">Watched <span id="watched-count" class="count"></span></h2>
        <div id="watched" class="card list"></div>
        </section>
        <section aria-labelledby="deliveries-title">
        <h2 id="deliveries-title">Deliveries to Zammad</h2>
        <div class="card">
        <dl id="account" class="numbers"></dl>
        <div id="waiting"></div>
        <div id="failed"></div>
        </div>
        </section>
        <section aria-labelledby="hour-title">
        <h2 id="hour-title">The last hour</h2>
        <div class="card charts">
        <figure><figcaption><span>Calls a minute</span> <span id="calls-sum" class="quiet"></span></figcaption>
        <div id="calls-chart" class="chart"></div></figure>
        <figure><figcaption><span>Until Zammad knew</span> <span id="delay-sum" class="quiet"></span></figcaption>
        <div id="delay-chart" class="chart"></div></figure>
        </div>
        </section>
        <section aria-labelledby="decisions-title">
        <h2 id="decisions-title">Last decisions</h2>
        <div id="decisions" class="card list"></div>
        </section>
        <footer id="footer" class="quiet"></footer>
        </main>
        <script nonce="\(nonce)">\(PageScript.javaScript)</script>
        </body>
        </html>

        """
    }

    /// A handset in the colour of the page, as part of the address.
    static let icon =
        "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Crect width='32' height='32' "
        + "rx='8' fill='%230f5fa8'/%3E%3Cpath d='M7 16h15M17 10l6 6-6 6' fill='none' stroke='white' stroke-width='3' "
        + "stroke-linecap='round' stroke-linejoin='round'/%3E%3C/svg%3E"
}
