#!/bin/bash
# Everything that can be told without building: rooms, generated files, formatting.
set -euo pipefail
cd "$(dirname "$0")/../.."
python3 tools/check/check.py
python3 tools/check/check_test.py
git ls-files '*.cc' '*.h' | grep -v '/gen/' | xargs clang-format-19 --dry-run --Werror
echo "lint: clean"
