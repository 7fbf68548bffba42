# The project's commands; `make` lists them. What they do is in tests/setup/, one script each.
# YES=1 answers the question that `test`, `demo`, `demo-shell` and `screenshots` ask before they install anything.

CARGO ?= cargo
# More arguments for `cargo test`, such as a test's name.
TESTARGS ?=
# Which client `demo-shell` starts: postgres or mysql.
ENGINE ?= postgres
# How long `fuzz` runs each of its targets, or the one named by TARGET.
MINUTES ?= 10
TARGET ?=

# The tests look here for clients newer than the system's own; the layout is described in tests/setup/foreign-clients.sh.
RDSCONNECT_TEST_CLIENTS ?= $(or $(CARGO_TARGET_DIR),$(CURDIR)/target)/clients
export RDSCONNECT_TEST_CLIENTS
# The tests look here for Python's AWS tools: the AWS CLI, and moto in place of AWS (tests/setup/python.sh).
RDSCONNECT_TEST_VENV ?= $(or $(CARGO_TARGET_DIR),$(CURDIR)/target)/venv
export RDSCONNECT_TEST_VENV

.DEFAULT_GOAL := help
.PHONY: help setup test test-packages demo demo-shell screenshots check deny deb rpm archive bench fuzz
# The steps of a recipe print what they do themselves.
.SILENT: help demo demo-shell screenshots setup deny deb rpm archive test-packages fuzz

help: ## list the commands
	awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

demo: ## show rdsconnect at work on a PostgreSQL and a MariaDB that run for the occasion
	tests/setup/install.sh demo
	tests/setup/demo.sh show

demo-shell: ## the same, but leave you in a client: ENGINE=postgres (default) or ENGINE=mysql
	tests/setup/install.sh demo
	tests/setup/demo.sh shell $(ENGINE)

screenshots: ## take the pictures of the README again (docs/pictures), of real runs; on Linux
	tests/setup/install.sh demo
	$(CARGO) build --locked --bins --example screenshots
	$(CARGO) run --quiet --locked --example screenshots -- docs/pictures

setup: ## install what the tests need: servers (programs only), clients, a compiler, the AWS CLI
	tests/setup/install.sh test

test: setup ## install what is missing and run all tests, those with real servers included
	$(CARGO) test --locked --no-fail-fast $(TESTARGS)
	$(if $(strip $(TESTARGS)),,packaging/test.sh)

test-packages: ## build the Debian package and the archive, and try both in a bare Debian (a part of `test`)
	packaging/test.sh

check: ## formatting, lints, documentation; what `deny` does, when cargo-deny is installed
	$(CARGO) fmt --check
	$(CARGO) fmt --manifest-path fuzz/Cargo.toml --check
	$(CARGO) clippy --locked --all-targets -- -D warnings
	RUSTDOCFLAGS='-D warnings' $(CARGO) doc --locked --no-deps
	packaging/deny.sh --if-installed

deny: ## licences, versions and sources of all dependencies (ADVISORIES=1: known faults too); compiles cargo-deny
	packaging/deny.sh $(if $(ADVISORIES),advisories)

deb: ## build the Debian package
	packaging/deb.sh

rpm: ## build the RPM package; compiles cargo-generate-rpm
	packaging/rpm.sh

archive: ## build the archive for machines without a package manager
	packaging/archive.sh

# Nothing else should run meanwhile.
bench: ## time rdsconnect beside what it replaces, and write the tables of docs/performance.md (ROUNDS=100, BUILD=1)
	tests/setup/install.sh bench
	$(CARGO) build --locked --release
	$(CARGO) build --locked --example processes
	$(CARGO) bench --locked --bench steps
	$(or $(CARGO_TARGET_DIR),target)/debug/examples/processes $(or $(CARGO_TARGET_DIR),target)/release/rdsconnect docs/performance.md

# The stable compiler does: without unsafe code there is nothing for a sanitizer to find. What is new goes to
# target/fuzz, so that the corpus stays small; what failed goes to fuzz/artifacts.
fuzz: ## fuzz every target for MINUTES=10 (or TARGET=gate alone); needs cargo-fuzz and a C++ compiler
	if ! $(CARGO) fuzz --version >/dev/null 2>&1; then echo "cargo-fuzz is not installed: cargo install --locked cargo-fuzz"; exit 1; fi
	for target in $(or $(TARGET),$$($(CARGO) fuzz list)); do \
	    mkdir -p "target/fuzz/$$target" && \
	    $(CARGO) fuzz run --sanitizer none "$$target" "target/fuzz/$$target" "fuzz/corpus/$$target" -- \
	        -max_total_time="$$(($(MINUTES) * 60))" -dict="fuzz/dictionaries/$$target.dict" -print_final_stats=1 || exit 1; \
	done
