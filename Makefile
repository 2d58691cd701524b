# One command each, the same at the desk and in CI. `make help` lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
JOBS ?= $(shell nproc)
DATA ?= var

.PHONY: help setup build run package test lint fmt bench fuzz docs screenshots clean asan tsan

help: ## Show this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t12

setup: ## Install what is missing (Debian and npm packages)
	@tools/setup/setup.sh

build/build.ninja: CMakeLists.txt CMakePresets.json cmake/*.cmake
	@cmake --preset relassert

build: setup build/build.ninja ## Build the programs and tests (build/) and the pages (web/dist/)
	@ninja -C build -j $(JOBS)
	@tools/web/build.sh

run: build ## Serve DATA (./var) at https://127.0.0.1:8443, import LOGS=folder; FLAGS= are settings
	@tools/run/run.sh "$(DATA)" "$(LOGS)" $(FLAGS)

package: setup ## Build the Debian package into build-release/
	@cmake --preset release && ninja -C build-release -j $(JOBS) spoor spoor-store
	@tools/web/build.sh
	@cd build-release && cpack -G DEB

test: build ## Build, then run every test
	@tools/test/test.sh

lint: setup ## Check rooms, generated files, formatting
	@tools/check/check.sh

fmt: setup ## Format the sources, refresh generated files
	@python3 tools/gen/gen.py
	@git ls-files -co --exclude-standard '*.cc' '*.h' | grep -v '/gen/' | xargs clang-format-19 -i

bench: setup ## Build and run the benchmarks (ROWS=, SPOOR_BENCH_MB= scale them)
	@tools/bench/bench.sh

fuzz: setup ## Run every fuzz target for SECONDS (default 30) each
	@JOBS=$(JOBS) tools/fuzz/fuzz.sh $(or $(SECONDS_EACH),30)

asan: setup ## Build and test with AddressSanitizer and UBSan
	@cmake --preset asan && ninja -C build-asan -j $(JOBS) && tools/test/test.sh build-asan

tsan: setup ## Build and test with ThreadSanitizer
	@cmake --preset tsan && ninja -C build-tsan -j $(JOBS) && tools/test/test.sh build-tsan

docs: build ## Refresh the generated reference pages
	@python3 tools/gen/gen.py
	@build/bin/spoor admin functions > docs/kql-functions.md

screenshots: build ## Pictures of the pages in a browser
	@npm run screenshots --prefix web

clean: ## Remove the build folders
	@rm -rf build build-* web/dist
