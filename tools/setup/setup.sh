#!/bin/bash
# Installs what building and running Spoor needs: Debian packages (as root or by sudo) and the telemetry engine and what the pages
# are built with from npm. Does nothing, fast, where everything is there.
set -euo pipefail
cd "$(dirname "$0")/../.."

missing=()
while read -r package; do
  # Node and npm may come from elsewhere than Debian's packages.
  case "$package" in
    ''|'#'*) continue ;;
    nodejs) command -v node >/dev/null && continue ;;
    npm) command -v npm >/dev/null && continue ;;
    make) command -v make >/dev/null && continue ;;
  esac
  dpkg-query -W -f='${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
done < tools/setup/packages.txt

if [ "${#missing[@]}" -gt 0 ]; then
  echo "setup: installing ${#missing[@]} Debian packages: ${missing[*]}"
  run=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || { echo "setup: run this as root, or install sudo" >&2; exit 1; }
    run=(sudo)
  fi
  "${run[@]}" apt-get update -q
  "${run[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}"
fi

# What npm brings to a folder, anew where its lock file has changed.
install_npm() {
  local folder=$1 what=$2 stamp=$1/node_modules/.spoor-lock
  if [ -f "$folder/package-lock.json" ] && ! cmp -s "$folder/package-lock.json" "$stamp"; then
    echo "setup: installing $what"
    npm ci --prefix "$folder" --no-audit --no-fund
    cp "$folder/package-lock.json" "$stamp"
  fi
}
install_npm tools/engine "the telemetry engine (about 180 MB, once)"
install_npm web "what the pages are built with"
