/// The form that asks for `Bridge.status_token`.
enum LoginPage {
    static func html(nonce: String, isRefused: Bool) -> String {
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta name="robots" content="noindex">
        <title>3CX to Zammad</title>
        <link rel="icon" href="\(StatusPage.icon)">
        <style nonce="\(nonce)">\(PageStyle.css)</style>
        </head>
        <body>
        <main class="login">
        <h1>3CX <svg class="arrow" viewBox="0 0 24 12" aria-hidden="true"><path d="M1 6h20M16 1.5 21.5 6 16 10.5"/></svg><span class="sr">to</span> Zammad</h1>
        <form class="card" method="post" action="/login">
        \(isRefused ? "<p class=\"wrong\" role=\"alert\">That is not the token.</p>" : "")
        <label for="token">Status token</label>
        <input id="token" name="token" type="password" autocomplete="current-password" required autofocus>
        <button>Show the status</button>
        <p class="quiet">It is <code>Bridge.status_token</code> in the bridge’s configuration.</p>
        </form>
        </main>
        </body>
        </html>

        """
    }
}
