#!/bin/bash
# Builds the fuzz targets and runs each for the given seconds over its committed corpus. What a target finds is kept below
# build-fuzz/found/; the others run on, and the end names those that found something.
set -euo pipefail
cd "$(dirname "$0")/../.."
seconds=${1:-30}
cmake --preset fuzz > /dev/null
ninja -C build-fuzz -j "${JOBS:-$(nproc)}" fuzzers
mkdir -p build-fuzz/found
failed=()
for source in $(find src -name '*_fuzz.cc' | sort); do
  name=$(basename "$source" _fuzz.cc)
  work=build-fuzz/corpus/$name
  mkdir -p "$work"
  echo "== $name"
  "build-fuzz/bin/${name}_fuzz" -max_total_time="$seconds" -rss_limit_mb=2048 -timeout=10 -print_final_stats=1 \
    -artifact_prefix="build-fuzz/found/$name-" "$work" "tests/fuzz/$name" || failed+=("$name")
done
if [ ${#failed[@]} -gt 0 ]; then
  echo "found something: ${failed[*]} (build-fuzz/found/)"
  exit 1
fi
echo "fuzz: nothing found"
