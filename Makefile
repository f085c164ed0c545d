# SPDX-License-Identifier: Apache-2.0
# `make demo` and `make test` are the two commands; both install first what a fresh machine lacks.

# What the product is built from, what its checks and demonstration need beside it, and a yardstick of the benchmarks alone.
BUILD     = git gcc make libsqlite3-dev zlib1g-dev libmosquitto-dev libgpiod-dev tzdata
CHECKS    = python3 python3-venv python3-cryptography mosquitto mosquitto-clients openssl strace util-linux chromium fonts-noto-cjk qrencode zbar-tools
BENCH     = nginx-light
PEERS     = $(CURDIR)/.deps-python
PYMODBUS  = pymodbus==3.16.1 pyserial
METRICS   = prometheus_client==0.26.0
PREFIX   ?= /usr
DESTDIR  ?=
SWIFT    ?= swift
RELEASE   = .build/release
# One kind of release build, so that the demonstration and the benchmarks run what is installed.
OPTIMISED = $(SWIFT) build -c release --static-swift-stdlib --product
SUDO      = $(if $(filter 0,$(shell id -u)),,sudo -n)
LINT      = $(SWIFT) format lint --strict --parallel --recursive Sources Tests Benchmarks Package.swift
STAGE     = @./.ci/stage
# They wait long for real brokers and a browser, and the few threads of the others would stand still meanwhile.
WAITING   = BrokerTests|UplinkProcessTests|BrowserTests|BoothProcessTests

.PHONY: demo test build-deps deps bench-deps build lint unit install bench torture fuzz clean help

help:
	@echo "make demo   a compressed morning at two gates, with real bytes"
	@echo "make test   lint, a build without warnings, all tests"
	@echo "make bench  figures beside their yardsticks; make fuzz: every decoder for 20 s"
	@echo "make install DESTDIR=/tmp/root"

# Those of the Debian packages named that are missing.
define install-packages
@missing=; for p in $(1); do dpkg -s $$p >/dev/null 2>&1 || missing="$$missing $$p"; done; \
	if [ -n "$$missing" ]; then \
	  echo "installing Debian packages:$$missing"; \
	  $(SUDO) true 2>/dev/null || { echo "not root and no sudo without a password: install them yourself"; exit 1; }; \
	  $(SUDO) apt-get update -qq && $(SUDO) apt-get install -y --no-install-recommends $$missing; \
	fi
endef

build-deps:
	@command -v $(SWIFT) >/dev/null || { echo "Swift 6.3 is needed: https://www.swift.org/install/linux"; exit 1; }
	$(call install-packages,$(BUILD))
	@echo "Swift packages of Package.resolved, fetched once into .build"; $(SWIFT) package resolve

deps: build-deps
	$(call install-packages,$(CHECKS))
	@if ! [ -x $(PEERS)/bin/python ] || ! $(PEERS)/bin/python -c 'import pymodbus, serial, prometheus_client' 2>/dev/null; then \
	  echo "installing by pip into $(PEERS): $(PYMODBUS) $(METRICS) (foreign peers for the tests)"; \
	  python3 -m venv $(PEERS) && $(PEERS)/bin/pip install --quiet --disable-pip-version-check $(PYMODBUS) $(METRICS); \
	fi

lint:
	$(LINT)

build:
	$(SWIFT) build --build-tests

test: deps
	$(STAGE) lint $(LINT)
	$(STAGE) build $(SWIFT) build --build-tests
	$(STAGE) tests env GATEHOUSE_PEERS=$(PEERS) $(SWIFT) test --skip-build --skip '$(WAITING)'
	$(STAGE) brokers env GATEHOUSE_PEERS=$(PEERS) $(SWIFT) test --skip-build --filter '$(WAITING)'
	$(STAGE) simulation .ci/simulation .build/debug/gatehouse-sim

demo: deps
	$(OPTIMISED) gatehoused
	$(OPTIMISED) gatehouse-booth
	$(OPTIMISED) gatehouse-demo
	@ln -sf gatehoused $(RELEASE)/gatehouse
	@$(RELEASE)/gatehouse-demo --bin $(RELEASE) --site hardware-profiles/demo/site.yaml \
	  --profiles hardware-profiles $(if $(DEMO_ONCE),--once)

# Lines of the source are left out, names stay: a backtrace says in which function.
define install-program
	install -D -m 0755 $(RELEASE)/$(1) $(DESTDIR)$(PREFIX)/bin/$(1).new
	strip --strip-debug $(DESTDIR)$(PREFIX)/bin/$(1).new
	mv -f $(DESTDIR)$(PREFIX)/bin/$(1).new $(DESTDIR)$(PREFIX)/bin/$(1)
endef

install: build-deps
	$(OPTIMISED) gatehoused
	$(OPTIMISED) gatehouse-booth
	$(call install-program,gatehoused)
	$(call install-program,gatehouse-booth)
	ln -sf gatehoused $(DESTDIR)$(PREFIX)/bin/gatehouse
	install -d -m 0755 $(DESTDIR)/etc/gatehouse
	install -D -m 0644 systemd/gatehouse.service $(DESTDIR)/lib/systemd/system/gatehouse.service
	install -D -m 0644 systemd/gatehouse-booth.service $(DESTDIR)/lib/systemd/system/gatehouse-booth.service
	install -D -m 0644 systemd/gatehouse.sysusers $(DESTDIR)$(PREFIX)/lib/sysusers.d/gatehouse.conf
	install -D -m 0644 udev/70-gatehouse.rules $(DESTDIR)/lib/udev/rules.d/70-gatehouse.rules
	install -D -m 0644 docs/man/gatehouse.1 $(DESTDIR)$(PREFIX)/share/man/man1/gatehouse.1
	install -D -m 0644 docs/man/gatehoused.8 $(DESTDIR)$(PREFIX)/share/man/man8/gatehoused.8
	install -D -m 0644 docs/man/gatehouse-booth.8 $(DESTDIR)$(PREFIX)/share/man/man8/gatehouse-booth.8
	cd hardware-profiles && find . -name '*.yaml' -not -path './demo/*' \
	  -exec install -D -m 0644 {} $(DESTDIR)$(PREFIX)/share/gatehouse/hardware-profiles/{} \;

bench-deps: deps
	$(call install-packages,$(BENCH))

bench: bench-deps
	Benchmarks/run

torture: deps
	Benchmarks/torture

fuzz: deps
	Tests/Fuzz/run

clean:
	rm -rf .build .deps-python .fuzz
