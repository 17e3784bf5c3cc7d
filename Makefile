PREFIX ?= /usr/local
FUZZ_SECONDS ?= 60
EXPLORE ?= 8
SCRATCH ?= .build
# For every build for tests; `.ci/run` counts with it which lines are run, and builds once for all that it checks.
BUILD_FLAGS ?=
FORMATTED = Package.swift Sources Tests Fuzz Scripts/NumberForms Benchmarks/Package.swift Benchmarks/Sources
DEBUG = swift build --scratch-path $(SCRATCH) $(BUILD_FLAGS)
APP = "$$($(DEBUG) --show-bin-path)/app"
RELEASE = swift build -c release --product zammadbridge --static-swift-stdlib --disable-local-rpath
THREADS = swift build --build-tests --scratch-path .build-thread --sanitize=thread
PROGRAM = .build/release/zammadbridge
# What the container image is built on: an image, or the tar of a root file system.
IMAGE_BASE ?= docker.io/library/debian:bookworm-slim
# A Debian of its own, in which packages are tried.
CLEAN_SYSTEM = .build/clean-system.tar
# The package of this version; others may lie beside it.
DEB = $$(ls -t .build/deb/*.deb | head -1)
RPM = $$(ls -t .build/rpm/*.rpm | head -1)

.PHONY: help setup demo fixtures test bench bench-soak bench-events bench-micro fuzz model-check build-threads test-threads test-addresses coverage binary-size lint format docs screenshots check-docs check-monitoring number-plans check-numbers build sbom install deb rpm image release check-deb check-service check-rpm check-packages clean

help: ## Show the targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

setup:
	@Scripts/install-missing

demo: setup ## Show the bridge at work, without a phone system (DEMO_FLAGS="--for 60s")
	$(DEBUG) --product app
	$(APP) demo $(DEMO_FLAGS)

fixtures: setup ## Replay the recorded calls and show what would be reported to Zammad
	$(DEBUG) --product app
	$(APP) simulate Fixtures/*.json

test: setup ## Run all tests
	$(DEBUG) --build-tests
	swift test --skip-build --scratch-path $(SCRATCH)

bench: build ## Measure the built program between servers on loopback (ten minutes on a quiet machine)
	cd Benchmarks && swift run -c release EndToEnd --bridge "$(CURDIR)/$(PROGRAM)"

bench-soak: build ## Half a million polls and 100,000 posts at full speed, and what they leave behind
	cd Benchmarks && swift run -c release EndToEnd --bridge "$(CURDIR)/$(PROGRAM)" --only soak

bench-events: setup ## Measure how soon Zammad hears of what 3CX v20 pushes (release build)
	swift build -c release --product app
	BRIDGE_UNDER_TEST="$$(swift build -c release --show-bin-path)/app" swift test --filter EventLatencyTests | grep -E "p99|Test run"

bench-micro: setup ## Measure the parts of the bridge, each alone (release build)
	BENCHMARKS=1 swift build -c release --product micro
	"$$(BENCHMARKS=1 swift build -c release --show-bin-path)/micro"

fuzz: setup ## Look for input that breaks a reader, FUZZ_SECONDS for each (60)
	FUZZ=1 swift build --scratch-path .build-fuzz --product fuzz
	@Scripts/fuzz "$$(FUZZ=1 swift build --scratch-path .build-fuzz --show-bin-path)/fuzz" $(FUZZ_SECONDS)

model-check: setup ## Try every sequence of EXPLORE inputs (8) with one call, and of four fewer with two (release build)
	swift run -c release worlds --explore $(EXPLORE)

# What only computes has no threads, and would be most of the time; how soon an event arrives cannot be measured there.
COMPUTING = (Latency|BadInput|Simulat|Exploration|Fixture|Fuzz|Mutation|Configuration|Pseudonym|TraceMask|Crash)

build-threads: setup
	$(THREADS)

test-threads: build-threads ## Run the tests of what has threads under the thread sanitizer
	Scripts/sanitized thread swift test --skip-build --scratch-path .build-thread --filter AdapterTests --skip '$(COMPUTING)'

# What only computes in Swift, without a pointer, is left out: it would be half of the time. How soon an event arrives
# cannot be measured there.
test-addresses: setup ## Run the tests of the adapters under the address sanitizer
	swift build --build-tests --scratch-path .build-address --sanitize=address
	Scripts/sanitized address swift test --skip-build --scratch-path .build-address --filter AdapterTests --skip '(Latency|Simulat|Exploration|Fixture|Mutation|Crash)'

coverage: ## Run all tests, and show how much of the program they run
	rm -rf .build-coverage/profiles
	LLVM_PROFILE_FILE="$(CURDIR)/.build-coverage/profiles/%p.profraw" $(MAKE) test SCRATCH=.build-coverage BUILD_FLAGS=--enable-code-coverage
	@Scripts/coverage .build-coverage

binary-size: build ## What the program weighs, by section and module
	@Scripts/binary-size $(PROGRAM)

lint: ## Check the format of the sources
	swift format lint --strict --recursive --parallel $(FORMATTED)
	@if LC_ALL=C.UTF-8 grep -rnE '.{121,}' --include='*.swift' Sources; then echo "error: longer than 120 columns" >&2; exit 1; fi

format: ## Format the sources
	swift format --in-place --recursive --parallel $(FORMATTED)

docs: ## Write anew what the documentation has from the program
	$(DEBUG) --product app
	Scripts/update-docs $(APP)

screenshots: ## Take the pictures of the documentation anew, from the demo
	@Scripts/install-missing pictures
	$(DEBUG) --product app
	Scripts/screenshots $(APP)

number-plans: ## Make the table of numbering plans anew, from libphonenumber's metadata
	Scripts/number-plans generate

check-numbers: setup ## Compare what the bridge makes of the numbers of all countries with libphonenumber
	NUMBERS=1 $(DEBUG) --product number-forms
	Scripts/number-plans check "$$(NUMBERS=1 $(DEBUG) --show-bin-path)/number-forms"

check-docs: setup ## Check links, examples, commands and messages of the documentation
	$(DEBUG) --product app
	Scripts/check-docs $(APP)

check-monitoring: ## Try the alerts for Prometheus
	@Scripts/check-monitoring

build: setup ## Build the program for production, with the Swift runtime linked in
	$(RELEASE)

sbom: build ## Write down what is linked into the program, in .build/sbom
	@Scripts/sbom $(PROGRAM) .build/sbom

install: sbom ## Install the program, and the unit file if systemd is there (PREFIX=/usr/local)
	@Scripts/install-tree $(PROGRAM) "$(DESTDIR)/" "$(PREFIX)"
	@if [ -d "$(DESTDIR)/etc/systemd/system" ]; then \
		sed 's|/usr/bin/zammadbridge|$(PREFIX)/bin/zammadbridge|' packaging/3cx-zammad-bridge.service > "$(DESTDIR)/etc/systemd/system/3cx-zammad-bridge.service"; \
		install -D -m 0644 packaging/3cx-zammad-bridge.sysusers "$(DESTDIR)/etc/sysusers.d/3cx-zammad-bridge.conf"; \
		echo "unit file installed; next: systemd-sysusers && systemctl daemon-reload"; \
	fi

deb: sbom ## Build a Debian package in .build/deb
	@Scripts/install-missing package
	@Scripts/build-deb $(PROGRAM) .build/deb

rpm: sbom ## Build an RPM package in .build/rpm
	@Scripts/install-missing rpm
	@Scripts/build-rpm $(PROGRAM) .build/rpm

image: deb ## Build a container image in .build/image (as root; IMAGE_BASE=debian:bookworm-slim)
	@Scripts/install-missing image
	@Scripts/build-image "$(DEB)" .build/image "$(IMAGE_BASE)"

release: deb rpm image ## Gather all that a release consists of, in dist
	@Scripts/release $(PROGRAM) dist "$(DEB)" "$(RPM)" "$$(ls -t .build/image/*.oci.tar | head -1)"

$(CLEAN_SYSTEM):
	@Scripts/install-missing check-package
	@Scripts/clean-system $@

check-deb: deb $(CLEAN_SYSTEM) ## Install the Debian package into a clean system, and try it there (as root)
	@Scripts/check-deb "$(DEB)" $(PROGRAM) $(CLEAN_SYSTEM)

check-service: deb $(CLEAN_SYSTEM) ## Boot a clean system, and try the service there (as root)
	@Scripts/check-service "$(DEB)" $(CLEAN_SYSTEM)

check-rpm: rpm $(CLEAN_SYSTEM) ## Install the RPM package into a clean system, and try it there (as root)
	@Scripts/check-rpm "$(RPM)" $(CLEAN_SYSTEM)

check-packages: IMAGE_BASE = $(CLEAN_SYSTEM)
check-packages: $(CLEAN_SYSTEM) check-deb check-service check-rpm release ## Try all that a release consists of (as root): packages, image, SBOM
	@Scripts/check-release dist
	@Scripts/check-image dist/*.oci.tar

clean: ## Remove what was built
	swift package clean
