PREFIX ?= /usr/local

.PHONY: help setup demo test lint format build install clean

help: ## Show the targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

setup:
	@Scripts/install-missing

demo: setup ## Replay the recorded calls and show what Zammad would be told
	swift run app simulate Fixtures/*.json

test: setup ## Run all tests
	swift test

lint: ## Check the format of the sources
	swift format lint --strict --recursive --parallel Package.swift Sources Tests

format: ## Format the sources
	swift format --in-place --recursive --parallel Package.swift Sources Tests

build: ## Build the program for production, with the Swift runtime linked in
	@Scripts/install-missing static
	swift build -c release --product zammadbridge --static-swift-stdlib

install: build ## Install the program, and the unit file if systemd is there (PREFIX=/usr/local)
	install -s -D -m 0755 "$$(swift build -c release --static-swift-stdlib --show-bin-path)/zammadbridge" "$(DESTDIR)$(PREFIX)/bin/zammadbridge"
	install -D -m 0644 config.example.yaml "$(DESTDIR)$(PREFIX)/share/doc/3cx-zammad-bridge/config.example.yaml"
	@if [ -d "$(DESTDIR)/etc/systemd/system" ]; then \
		sed 's|/usr/local/bin|$(PREFIX)/bin|' packaging/3cx-zammad-bridge.service > "$(DESTDIR)/etc/systemd/system/3cx-zammad-bridge.service"; \
		echo "unit file installed; next: systemctl daemon-reload"; \
	fi

clean: ## Remove what was built
	swift package clean
