/// The files of the status page, as they stand in the folder Page. They ask nothing of anybody else. What the page
/// shows comes by `/events`, and is set as text, never as markup.
enum StatusPage {
    static let html = text(PackageResources.page_html)
    static let css = text(PackageResources.page_css)
    static let javaScript = text(PackageResources.page_js)
    /// What the page of `simulate` adds to the style.
    static let reportCSS = text(PackageResources.report_css)

    private static let loginForm = text(PackageResources.login_html)

    /// The form that asks for `Bridge.status_token`.
    static func login(isRefused: Bool) -> String {
        isRefused ? loginForm.replacing(" role=\"alert\" hidden>", with: " role=\"alert\">") : loginForm
    }

    private static func text(_ file: [UInt8]) -> String { String(decoding: file, as: UTF8.self) }
}
