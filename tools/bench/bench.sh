#!/bin/bash
# Builds and runs the benchmarks. ROWS scales the store of the read benchmarks, SPOOR_BENCH_MB the generated log.
set -euo pipefail
cd "$(dirname "$0")/../.."
cmake --preset release -DSPOOR_BENCH=ON > /dev/null
ninja -C build-release spoor spoor-store $(ninja -C build-release -t targets all | sed -n "s,^bin/\(bench_[a-z_]*\):.*,\1,p")
export SPOOR_BENCH_DATA=${SPOOR_BENCH_DATA:-$PWD/build-release/bench-data} ROWS=${ROWS:-20000000}
mkdir -p "$SPOOR_BENCH_DATA"
for program in build-release/bin/bench_*; do
  echo "== $(basename "$program")"
  "$program" --benchmark_counters_tabular=true
done

echo "== pages"
rows=$SPOOR_BENCH_DATA/rows-$ROWS
if [ ! -f "$rows/complete" ]; then
  echo "skipped: there is no store at $rows"
elif [ ! -x "${CHROMIUM:-/usr/bin/chromium}" ]; then
  echo "skipped: there is no Chromium"
else
  tools/web/build.sh
  DATA=$rows SPOOR_PROGRAMS=$PWD/build-release/bin npm run budgets --prefix web --silent
fi
