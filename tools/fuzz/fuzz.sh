#!/bin/bash
# Builds the fuzz targets and runs each for the given seconds over its committed corpus.
set -euo pipefail
cd "$(dirname "$0")/../.."
seconds=${1:-30}
cmake --preset fuzz > /dev/null
ninja -C build-fuzz
for program in build-fuzz/bin/*_fuzz; do
  name=$(basename "$program" _fuzz)
  work=build-fuzz/corpus/$name
  mkdir -p "$work" "tests/fuzz/$name"
  echo "== $name"
  "$program" -max_total_time="$seconds" -rss_limit_mb=2048 -timeout=10 -print_final_stats=1 "$work" "tests/fuzz/$name"
done
