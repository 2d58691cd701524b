#!/bin/bash
# Everything that can be told without building: rooms, generated files, formatting, and the pages' own lint.
set -euo pipefail
cd "$(dirname "$0")/../.."
python3 tools/check/check.py
python3 tools/check/check_test.py
git ls-files '*.cc' '*.h' | grep -v '/gen/' | xargs clang-format-19 --dry-run --Werror
if [ -f web/package.json ]; then
  npm run lint --prefix web --silent
fi
echo "lint: clean"
