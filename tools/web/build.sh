#!/bin/bash
# Builds the pages (web/dist) where something that they are made of has changed.
set -euo pipefail
cd "$(dirname "$0")/../.."
[ -f web/package.json ] || exit 0
stamp=web/dist/.built
sources=(web/src web/package.json web/package-lock.json)
for source in web/public web/index.html web/*.ts web/*.js; do
  [ ! -e "$source" ] || sources+=("$source")
done
if [ -f "$stamp" ] && [ -z "$(find "${sources[@]}" -newer "$stamp" -print -quit)" ]; then
  exit 0
fi
echo "build: the pages (web/dist)"
npm run build --prefix web --silent -- --logLevel warn
touch "$stamp"
