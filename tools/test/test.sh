#!/bin/bash
# Runs every test program of a build folder, then the npm client's test and those of the pages, in a browser too, and closes with one
# line of totals.
set -uo pipefail
cd "$(dirname "$0")/../.."
build=${1:-build}
export TZ=UTC LC_ALL=C.UTF-8
passed=0 failed=0 skipped=0
reports=$(mktemp -d)
trap 'rm -rf "$reports"' EXIT

for program in "$build"/bin/test_*; do
  name=$(basename "$program")
  echo "== $name"
  "$program" --gtest_brief=1 --gtest_output="json:$reports/$name.json"
  status=$?
  # A program that dies before it reports counts as one failure.
  read -r p f s < <(python3 - "$reports/$name.json" "$status" <<'PY'
import json, sys
try:
    report = json.load(open(sys.argv[1]))
    cases = [case for suite in report["testsuites"] for case in suite["testsuite"]]
    skipped = sum(case["result"] == "SKIPPED" for case in cases)
    failed = sum("failures" in case for case in cases)
    done = sum(case["status"] == "RUN" for case in cases)
    if failed == 0 and sys.argv[2] != "0":
        failed = 1
    print(max(done - failed - skipped, 0), failed, skipped)
except (OSError, ValueError, KeyError):
    print(0, 1, 0)
PY
)
  passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
done

if [ "$build" = build ] && [ -d tools/engine/node_modules/@clickhouse/client ]; then
  echo "== clickhouse client"
  node --test --test-reporter=tap tools/engine/ > "$reports/node.tap"
  status=$?
  p=$(sed -n 's/^# pass //p' "$reports/node.tap") f=$(sed -n 's/^# fail //p' "$reports/node.tap") s=$(sed -n 's/^# skipped //p' "$reports/node.tap")
  if [ "$status" -ne 0 ]; then
    cat "$reports/node.tap"
    [ "${f:-0}" -gt 0 ] || f=1
  fi
  passed=$((passed + ${p:-0})) failed=$((failed + ${f:-0})) skipped=$((skipped + ${s:-0}))
fi

if [ "$build" = build ] && [ -f web/package.json ]; then
  echo "== pages"
  npm test --prefix web --silent -- --reporter=default --reporter=json --outputFile.json="$reports/web.json"
  status=$?
  read -r p f s < <(python3 - "$reports/web.json" "$status" <<'PY'
import json, sys
try:
    report = json.load(open(sys.argv[1]))
    failed = report["numFailedTests"]
    # A file that cannot be loaded fails without a test of its own.
    if failed == 0 and (sys.argv[2] != "0" or not report["success"]):
        failed = 1
    print(report["numPassedTests"], failed, report["numPendingTests"] + report.get("numTodoTests", 0))
except (OSError, ValueError, KeyError):
    print(0, 1, 0)
PY
)
  passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
fi

# The pages in a browser, on a server of this build.
if [ "$build" = build ] && [ -f web/package.json ]; then
  echo "== pages in a browser"
  chromium=${CHROMIUM:-/usr/bin/chromium}
  if [ -x "$chromium" ]; then
    PLAYWRIGHT_JSON_OUTPUT_NAME="$reports/browser.json" npm run e2e --prefix web --silent -- --reporter=list,json
  else
    echo "skipped: there is no Chromium at $chromium"
    # All that it lists counts as skipped.
    PLAYWRIGHT_JSON_OUTPUT_NAME="$reports/browser.json" npm run e2e --prefix web --silent -- --list --reporter=json
  fi
  status=$?
  read -r p f s < <(python3 - "$reports/browser.json" "$status" <<'PY'
import json, sys
try:
    stats = json.load(open(sys.argv[1]))["stats"]
    failed = stats["unexpected"] + stats["flaky"]
    if failed == 0 and sys.argv[2] != "0":
        failed = 1
    print(stats["expected"], failed, stats["skipped"])
except (OSError, ValueError, KeyError):
    print(0, 1, 0)
PY
)
  passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
fi

echo
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
