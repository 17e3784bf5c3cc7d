"""The samples of the documentation, for Scripts/check-docs: every block of a page that is neither commands nor a
configuration is compared with what the program prints, or named here with the reason why it is not."""
import contextlib
import http.server
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import tempfile
import threading
import time
import urllib.request

ENDPOINT = "https://zammad.example.com/api/v1/cti/SECRET"
PBX = "3CX:\n  host: https://pbx.example.com\n  client_id: zammadbridge\n  client_secret: secret\n"
NUMBERS = "  country_prefix: 49\n  number_format: e164\n"
ZAMMAD = f"Zammad:\n  endpoint: {ENDPOINT}\n  api_token: token\n"
# The section of each key that a page shows by itself.
SECTIONS = {"agents": "Zammad", "tickets": "Zammad", "queue_extension": "3CX"}
# First lines of blocks that are not compared here, and why.
ELSEWHERE = {
    "architecture.md": {"Sources/App": "a drawing", "3CX ──▶": "a drawing"},
    "getting-started.md": {"Groups:": "a conversation, which SetupTerminalTests have at a terminal"},
    "status.md": {"http://": "an address", "scrape_configs:": "a configuration of Prometheus"},
}
# What the demo's 3CX and a Zammad without TLS do not make the program say, with the text in the sources that says it.
IN_SOURCES = {
    "✓ pbx.example.com is": "\\(origin.host) is \\(connection.address), and",
    "✓ zammad.example.com is": "answers on port \\(",
    "✓ TLS 1.3: the certificate": "the certificate\\(issuer) is valid until ",
    "✓ 3CX 20": "3CX \\(version)",
    "✓ licence:": "licence: \\(licence)",
}


def indented(lines):
    """(first line, text) of each block that is indented by four and more."""
    blocks, current, is_fence, before = [], None, False, ""
    for number, line in enumerate(lines + ["end"], 1):
        if re.match(r"\s*```", line):
            is_fence = not is_fence
        elif not is_fence and line.startswith("    ") and (current or not before.strip()):
            current = current or (number, [])
            current[1].append(line)
        elif current and not line.strip():
            current[1].append("")
        elif current:
            margin = min(len(line) - len(line.lstrip()) for line in current[1] if line)
            blocks.append((current[0], "\n".join(line[margin:] for line in current[1]).strip("\n")))
            current = None
        before = line
    return blocks


# --- What may differ between a sample and a run ---------------------------------------------------------------------

PERSON = r"[A-ZÀ-Þ][\w’]*(?:-[\w’]+)*(?: (?:von )?[A-ZÀ-Þ][\w’]*(?:-[\w’]+)*)+"


def shape(line):
    """A line without its times, numbers, names and lists."""
    line = re.sub(r"\d{4}-\d\d-\d\d", "DAY", line.strip())
    line = re.sub(r"\d\d:\d\d:\d\d(\.\d+)?", "TIME", line)
    line = re.sub(r"https?://\S+", "ADDRESS", line)
    line = re.sub(r"\b[\w.]+ is \d+\.\d+\.\d+\.\d+, and answers", "HOST answers", line)
    line = re.sub(r"\b(from )(legacy|v20)\b", r"\1SOURCE", line)
    line = re.sub(r"/[\w./-]+\.(yaml|json)|\b[\w-]+\.json|/[\w.-]+(/[\w.-]+){2,}", "FILE", line)
    line = re.sub(PERSON, "NAME", line)
    line = re.sub(r"\b(Support|Sales)\b", "NAME", line)
    line = re.sub(r"[+•]*\d[\d.:]*|•+\d+", "N", line)
    line = re.sub(r"\b(N NAME)(, N NAME)*", "LIST", line)
    line = re.sub(r"\bNAME(, NAME)*", "NAME", line)
    line = re.sub(r"\b(extension|queue|trunk|call|second|step|look|poll|dead letter)s\b", r"\1", line)
    return re.sub(r"\s+", " ", line)


def fits(line, actual):
    """Whether a line is the other one but for what its … stand for."""
    pattern = ".*".join(re.escape(part.strip()) for part in line.strip().split("…"))
    return re.fullmatch(pattern, actual.strip()) is not None


# --- Runs -----------------------------------------------------------------------------------------------------------

class Runs:
    """Runs of the program whose output the samples are compared with. The demos run side by side, in half a minute."""

    def __init__(self, program, root, folder):
        self.program, self.root, self.folder = program, root, folder
        self.env = {name: value for name, value in os.environ.items() if not name.startswith("ZAMMADBRIDGE_")}
        self.env |= {"TZ": "UTC", "NO_COLOR": "1"}

    def run(self, *arguments, env=None):
        run = subprocess.run(
            [self.program, *map(str, arguments)], capture_output=True, text=True, timeout=120, cwd=self.folder,
            env=self.env | (env or {}))
        return run.stdout + run.stderr

    def output(self, *arguments):
        """What it prints for programs, without what it says meanwhile."""
        return subprocess.run(
            [self.program, *map(str, arguments)], capture_output=True, text=True, timeout=120, cwd=self.folder, env=self.env
        ).stdout

    def file(self, name, text):
        path = self.folder / name
        path.write_text(text)
        return path

    @contextlib.contextmanager
    def demo(self, *arguments):
        """A demo that prints JSON: its process, and what it said first."""
        process = subprocess.Popen(
            [self.program, "demo", "--json", *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            text=True, env=self.env)
        lines = [json.loads(process.stdout.readline())]
        reader = threading.Thread(target=lambda: lines.extend(map(json.loads, process.stdout)), daemon=True)
        reader.start()
        try:
            yield process, lines
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)
            reader.join(10)

    def office(self):
        """The office's calls: what check, tap, record and explain make of them, and the demo's JSON."""
        with self.demo() as (process, lines), zammad() as endpoint:
            status = lines[0]["statusPage"]
            config = self.file("demo.yaml", self.configuration(process, status, endpoint))
            other = Background(lambda: self.run("tap", "--url", status.rstrip("/"), "--for", "16s"))
            self.record = self.run("record", "-c", config, "--for", "16s", "-o", "missed-call.json")
            self.tap = other.result()
            self.check = self.run("check", "-c", config)
            numbers = [line["number"] for line in lines if "number" in line]
            state = ("--state-dir", lines[0]["stateDirectory"])
            self.explain = "\n".join(self.run("explain", *state, number) for number in sorted(set(numbers)))
            self.explain_json = json.loads(self.run("explain", "--json", *state, numbers[0]))
        self.demo_json = lines

    def configuration(self, process, status, endpoint):
        """For the demo's 3CX, with a state directory and a port of its own, whatever this machine runs."""
        return (f"Bridge:\n  state_dir: {self.folder}/not-yet\n  status_listen: 127.0.0.1:{free_port()}\n"
                f"3CX:\n  host: {phone_system(process.pid, status)}\n  client_id: zammadbridge\n  client_secret: demo\n"
                f"  group: Support\n  queue_extension: [80, 81]\n{NUMBERS}Zammad:\n  endpoint: {endpoint}\n"
                "  log_missed_queue_calls: true\n")

    def json(self):
        """What programs read of the office's calls."""
        with self.demo() as (process, lines):
            status = lines[0]["statusPage"]
            config = self.file("json.yaml", self.configuration(process, status, ENDPOINT))
            tap = Background(lambda: self.output("tap", "--json", "--url", status.rstrip("/"), "--for", "8s"))
            self.record_json = json.loads(self.output("record", "--json", "-c", config, "--for", "8s", "-o", "json.json"))
            self.tap_json = [json.loads(line) for line in tap.result().splitlines()]

    def refused(self):
        """A Zammad that refuses a call's first event for good."""
        fixture = json.loads((self.root / "Fixtures/legacy-inbound-missed.json").read_text())
        fixture["steps"][0]["zammad"] = {"status": 422, "json": {"error": "Attribute 'from' required!"}}
        fixture.pop("expect")
        path = self.file("legacy-inbound-missed.json", json.dumps(fixture))
        with self.demo(path) as (_, lines):
            state = ("--state-dir", lines[0]["stateDirectory"])
            for _ in range(50):
                time.sleep(0.3)
                self.outbox = self.run("outbox", "list", *state)
                if self.outbox.startswith("Dead letters"):
                    break
            self.outbox_json = json.loads(self.run("outbox", "list", "--json", *state))
            self.run("outbox", "drop", "--all", "--yes", *state)
            self.outbox += self.run("outbox", "list", *state)

    def seen(self):
        """What the helpdesk sees of the office."""
        self.helpdesk = self.run("demo", "--speed", "2", "--for", "24s")

    def replay(self):
        """A fixture whose expectation is wrong."""
        text = (self.root / "Fixtures/legacy-inbound-missed.json").read_text().replace('"cancel"', '"forwarded"')
        folder = self.folder / "wrong"
        folder.mkdir()
        path = folder / "legacy-inbound-missed.json"
        path.write_text(text)
        self.simulate = self.run("simulate", path)
        self.simulate_json = json.loads(self.run("simulate", "--format", "json", path))

    def worlds(self):
        """Only where that program was built as well."""
        program = pathlib.Path(self.program).with_name("worlds")
        self.random = program.exists() and subprocess.run(
            [program, "--seeds", "300", "--quiet"], capture_output=True, text=True, timeout=300).stdout

    def everything(self):
        work = (self.office, self.json, self.refused, self.seen, self.replay, self.worlds)
        parts = [Background(part) for part in work]
        for part in parts:
            part.result()


class Background:
    """Something that is done on a thread of its own, with its result or its error."""

    def __init__(self, work):
        self.value = self.error = None

        def run():
            try:
                self.value = work()
            except BaseException as error:
                self.error = error

        self.thread = threading.Thread(target=run)
        self.thread.start()

    def result(self):
        self.thread.join()
        if self.error:
            raise self.error
        return self.value


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def phone_system(process, status):
    """The address of the demo's 3CX: of the three ports on which the process listens, the one that has call control."""
    wanted = {os.readlink(entry.path) for entry in os.scandir(f"/proc/{process}/fd")}
    for line in pathlib.Path(f"/proc/{process}/net/tcp").read_text().splitlines()[1:]:
        fields = line.split()
        address = f"http://127.0.0.1:{int(fields[1].split(':')[1], 16)}"
        if fields[3] != "0A" or f"socket:[{fields[9]}]" not in wanted or address in status:
            continue
        with contextlib.suppress(OSError):
            with urllib.request.urlopen(f"{address}/callcontrol", timeout=10) as answer:
                if answer.status == 200:
                    return address
    raise SystemExit("error: the demo's 3CX is nowhere")


@contextlib.contextmanager
def zammad():
    """Refuses an event without a direction, as Zammad does: all that `check` asks."""
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            body = json.dumps({"error": "Invalid 'direction'!"}).encode()
            self.send_response(422)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/api/v1/cti/demo"
        server.shutdown()


# --- The pages ------------------------------------------------------------------------------------------------------

class Samples:
    def __init__(self, program, root, sources, fault):
        self.root, self.sources, self.fault, self.count = root, sources, fault, 0
        self.place = tempfile.TemporaryDirectory()
        self.runs = Runs(program, root, pathlib.Path(self.place.name))
        self.runs.everything()

    def shapes(self, path, number, text, *outputs):
        """Each line of the sample is one that the program prints."""
        self.count += 1
        known = {shape(line) for output in outputs for line in output.splitlines()}
        for offset, line in enumerate(text.splitlines()):
            said = next((words for start, words in IN_SOURCES.items() if line.strip().startswith(start)), None)
            if not line.strip() or (said in self.sources if said else shape(line) in known):
                continue
            if not any(fits(shape(line), one) for one in known):
                self.fault(path, number + offset, f"the program does not print: {line.strip()}")

    def lines(self, path, number, text, output):
        """The sample's lines are in the output, in this order; … stands for anything."""
        self.count += 1
        rest = iter(output.splitlines())
        for offset, line in enumerate(text.splitlines()):
            if not any(fits(line, one) for one in rest):
                return self.fault(path, number + offset, f"the program does not print: {line.strip()}")

    def keys(self, page, value):
        """Each key of the JSON is on its page."""
        path = self.root / "docs" / page
        text = path.read_text()
        missing = {key for key in keys(value) if not re.search(rf"[`.]{key}(\[\])?[`.]", text)}
        for key in sorted(missing):
            self.fault(path, 1, f"the key {key} of the JSON is not described")
        self.count += 1

    def configuration(self, path, number, text):
        """A part of a configuration, or a whole one, which the rest is added to."""
        first = re.match(r"[A-Za-z0-9_]+", text)[0]
        if first in SECTIONS:
            text = f"{SECTIONS[first]}:\n" + "".join(f"  {line}\n" for line in text.splitlines())
        text += "\n"
        has = set(re.findall(r"^([A-Za-z0-9]+):", text, re.M))
        if first == "tests":
            # They name the Zammads of the page's example.
            blocks = indented(path.read_text().splitlines())
            text += "".join(f"{block}\n" for _, block in blocks if block.startswith("Zammad:"))
            text += PBX + NUMBERS
        else:
            if "3CX" not in has:
                text += PBX + NUMBERS
            elif not re.search(r"^ .*host:", text, re.M):
                text = text.replace("3CX:\n", PBX, 1)
            if "Zammad" not in has:
                text += ZAMMAD
            elif not re.search(r"endpoint", text):
                text = text.replace("Zammad:\n", ZAMMAD, 1)
        for key, name in re.findall(r"(\w+_file): /etc/3cx-zammad-bridge/(\S+)", text):
            secret = ENDPOINT + name if key.startswith("endpoint") else "secret-of-" + name
            text = text.replace(f"/etc/3cx-zammad-bridge/{name}", str(self.runs.file(name, secret)))
        said = self.runs.run("check", "--offline", "--config", self.runs.file("config.yaml", text))
        self.count += 1
        if "✗" in said:
            self.fault(path, number, f"the configuration is not valid:\n{said.strip()}")

    def environment(self, path, number, text):
        self.count += 1
        variables = dict(line.split("=", 1) for line in text.splitlines())
        secret = self.runs.file("secret", "secret")
        variables = {name: str(secret) if name.endswith("_FILE") else value for name, value in variables.items()}
        config = self.runs.file("empty.yaml", "3CX:\n  client_id: zammadbridge\n")
        said = self.runs.run("check", "--offline", "--config", config, env=variables)
        if "✗" in said:
            self.fault(path, number, f"the environment is not valid:\n{said.strip()}")

    def mistake(self, path, number, text):
        """The message with the misspelt key, at its line and column."""
        config = self.runs.file("mistake.yaml", PBX + "  group: Support\n  queue_extension: 816\n" + NUMBERS
                                + "  trunk_digit: 5\n" + ZAMMAD)
        said = self.runs.run("run", "--config", config).replace(str(config), "/etc/3cx-zammad-bridge/config.yaml")
        self.lines(path, number, "…" + text, said)

    def effective(self, path, number, text):
        """The output of `config`."""
        config = self.runs.file(
            "effective.yaml", "Bridge:\n  transfers: follow\n3CX:\n  user: zammad\n  group: Support\n"
            "  queue_extension: 816\n  extension_digits: 3\n  host: https://pbx.example.com\n" + ZAMMAD)
        secret = {"ZAMMADBRIDGE_3CX_PASS": "secret"}
        said = self.runs.run("config", "--config", config, env=secret)
        self.lines(path, number, text, said.replace(str(config), "/etc/3cx-zammad-bridge/config.yaml"))
        self.config_json = json.loads(self.runs.run("config", "--json", "--config", config, env=secret))

    def fixture(self, path, number, text):
        self.count += 1
        name = json.loads(text)["name"]
        said = self.runs.run("simulate", self.runs.file(f"{name}.json", text))
        if "1 passed, 0 failed" not in said:
            self.fault(path, number, f"the fixture does not pass:\n{said.strip()}")

    def check_block(self, path, number, text):
        runs, page = self.runs, path.name
        first = text.splitlines()[0]
        compared = {
            ("getting-started.md", "Configuration"): lambda: self.shapes(path, number, text, runs.check),
            ("getting-started.md", "09:00:00"): lambda: self.shapes(path, number, text, runs.tap),
            ("configuration.md", "unknown key"): lambda: self.mistake(path, number, text),
            ("demo.md", "Status page"): lambda: self.shapes(path, number, text, runs.helpdesk),
            ("fixtures.md", "✗"): lambda: self.lines(path, number, text, runs.simulate),
            ("fixtures.md", "{"): lambda: self.fixture(path, number, text),
            ("outbox.md", "Dead letters"): lambda: self.shapes(path, number, text, runs.outbox),
            ("verification.md", "100000 seeds"): lambda: runs.random and self.shapes(path, number, text, runs.random),
            ("reporting.md", "✓"): lambda: self.shapes(path, number, text, runs.record),
            ("reporting.md", "- {"): lambda: self.shapes(path, number, text, runs.simulate),
            ("status.md", "3cx-"): lambda: self.shapes(path, number, text, runs.explain),
        }
        for (its_page, start), compare in compared.items():
            if page == its_page and first.startswith(start):
                return compare()
        if any(first.startswith(start) for start in ELSEWHERE.get(page, {})):
            return None
        if "••••" in text:
            return self.effective(path, number, text)
        if first.startswith("ZAMMADBRIDGE_"):
            return self.environment(path, number, text)
        if re.match(r"[A-Za-z0-9_]+:( |$)", first):
            return self.configuration(path, number, text)
        # Commands are checked elsewhere.
        if not re.match(r"(sudo -u \w+ )?(zammadbridge|make|swift run) ", first):
            self.fault(path, number, f"a sample that nothing checks: {first}; Scripts/docs_samples.py has the others")
        return None

    def check_keys(self):
        self.keys("outbox.md", self.runs.outbox_json)
        self.keys("fixtures.md", strip(self.runs.simulate_json, "requests", "expected"))
        self.keys("demo.md", self.runs.demo_json)
        self.keys("status.md", self.runs.explain_json)
        self.keys("status.md", self.runs.tap_json)
        self.keys("reporting.md", self.runs.record_json)
        self.keys("configuration.md", {**self.config_json, "configuration": {}} if hasattr(self, "config_json") else {})
        broken = self.runs.file("broken.yaml", PBX + "  trunk_digit: 5\n" + ZAMMAD)
        self.keys("check.md", json.loads(self.runs.run("check", "--offline", "--json", "--config", broken)))


def strip(value, *names):
    if isinstance(value, dict):
        return {key: [] if key in names else strip(inner, *names) for key, inner in value.items()}
    return [strip(one, *names) for one in value] if isinstance(value, list) else value


def keys(value):
    if isinstance(value, dict):
        return set(value) | {key for inner in value.values() for key in keys(inner)}
    return {key for inner in value for key in keys(inner)} if isinstance(value, list) else set()
