import Adapters

/// The man page of the configuration file, made of the table that the reader itself uses.
struct ConfigurationManual {
    let version: String
    let date: String

    var text: String {
        var lines = [
            ".TH 3CX\\-ZAMMAD\\-BRIDGE.YAML 5 \"\(date)\" \"\(version)\" \"File Formats\"", ".SH NAME",
            "3cx\\-zammad\\-bridge.yaml \\- configuration of zammadbridge", ".SH DESCRIPTION",
        ]
        lines += ManualText.paragraphs(Self.description, afterHeading: true)
        for section in ConfigurationReference.sections {
            lines.append(".SH SECTION \(ManualText.escaped(section.name))")
            for key in section.keys {
                lines += [
                    ".TP", ManualText.bold(key.name),
                    ManualText.markdown("\(key.meaning) Default: \(key.defaultText)."),
                ]
            }
        }
        lines += [".SH FILES", ".TP", "/etc/3cx\\-zammad\\-bridge/config.yaml", "The configuration."]
        lines += [".SH SEE ALSO", ".BR zammadbridge (1)"]
        return lines.joined(separator: "\n") + "\n"
    }

    private static let description = """
        YAML with three sections. The first file that exists of `/etc/3cx-zammad-bridge/config.yaml`, \
        `/opt/3cx-zammad-bridge/config.yaml` and `./config.yaml` is used, or the one given with `--config`. \
        `zammadbridge check` finds mistakes, `zammadbridge config` prints what is in effect and where it comes from.

        Each key that is no mapping can also come from the environment: `ZAMMADBRIDGE_3CX_HOST` sets `3CX.host` and \
        goes before the file. Secrets can come from a file (`pass_file`, `client_secret_file`, `endpoint_file`) or \
        from systemd's credentials (`3cx-pass`, `3cx-client-secret`, `zammad-endpoint`).
        """
}
