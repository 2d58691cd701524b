#!/bin/bash
# Serves a data folder until Ctrl-C, prints address, fingerprint and one-time password, and imports logs if any are given.
#     tools/run/run.sh DATA [LOGS] [--SETTING VALUE…]
# Spoor never serves as root. Started by root it becomes, in this order: the owner of DATA, the owner of the checkout, the user
# `spoor`, or `nobody`; SPOOR_SERVER_USER names another. Where that user cannot enter the checkout (one below /root), programs,
# pages and data stand in /var/lib/spoor-run/, and DATA becomes a link to there.
set -euo pipefail
cd "$(dirname "$0")/../.."
data=${1:-var} logs=${2:-}
shift $(($# < 2 ? $# : 2))
spoor=$PWD/build/bin/spoor
engine=$PWD/tools/engine/node_modules/@chdb/lib-linux-x64-gnu/libchdb.so
start_in=$PWD
settings=(--log.level warning)

owner_of() { stat -c %U "$1"; }

choose_user() {
  local candidate
  for candidate in "${SPOOR_SERVER_USER:-}" "$([ ! -e "$data" ] || owner_of "$data/")" "$(owner_of .)" spoor nobody; do
    if [ -n "$candidate" ] && [ "$candidate" != root ] && getent passwd "$candidate" >/dev/null; then
      echo "$candidate"
      return
    fi
  done
  echo "run: there is no user to serve as; name one: SPOOR_SERVER_USER=NAME" >&2
  return 1
}

# Whether the user may do what `test` asks.
may() { setpriv --reuid="$user" --regid="$(id -g "$user")" --init-groups test "$@" 2>/dev/null; }

put() { # the file itself where it can be linked, else a copy
  [ "$1" -ef "$2" ] || ln -f "$1" "$2" 2>/dev/null || cp -u "$1" "$2"
}

# Programs and pages at a place that the user can enter.
stage_programs() {
  (umask 022 && mkdir -p "$stage/lib/spoor" "$stage/share/spoor")
  put "$spoor" "$stage/lib/spoor/spoor"
  put "$spoor-store" "$stage/lib/spoor/spoor-store"
  put "$engine" "$stage/lib/spoor/libchdb.so"
  rm -rf "$stage/share/spoor/web"
  [ ! -d web/dist ] || cp -rL --no-preserve=mode web/dist "$stage/share/spoor/web"
  spoor=$stage/lib/spoor/spoor
  start_in=/ # the engine wants to know where it was started
}

# The data folder too; what is in it moves along, and a link stands where it was.
stage_data() {
  local place
  place=$stage/$(basename "$data")
  if [ -e "$place" ] && [ -e "$data" ]; then
    echo "run: both $data and $place are there; remove one" >&2
    return 1
  fi
  if [ -e "$data" ]; then mv "$data" "$place"; else (umask 077 && mkdir -p "$place"); fi
  ln -s "$place" "$data"
}

leave_root() {
  user=$(choose_user)
  stage=/var/lib/spoor-run/$(pwd | tr / - | cut -c2-)
  if ! may -x "$spoor-store" || ! may -r "$engine" || { [ -d web/dist ] && ! may -r web/dist/index.html; }; then
    echo "run: $user cannot enter $PWD; programs, pages and data are served from $stage"
    stage_programs
  fi
  if [ ! -L "$data" ] && ! may -x "$(dirname "$(realpath -m "$data")")"; then stage_data; fi
  # What root made here before, such as an import without a server, becomes the server's.
  if [ -e "$data" ] && [ "$(owner_of "$data/")" = root ]; then chown -RP "$user:$(id -g "$user")" "$data/"; fi
  settings+=(--server.user "$user")
}

answers() {
  python3 -c 'import socket, sys; socket.socket(socket.AF_UNIX).connect(sys.argv[1])' "$data/run/spoor.sock" 2>/dev/null
}

import_logs() {
  [ -n "$logs" ] || return 0
  echo "Importing $logs"
  "$spoor" import --data "$data" "$logs" || echo "run: the import failed; the server goes on" >&2
}

if answers; then
  echo "A server has $data open already, and goes on."
  import_logs
  exit
fi
[ "$(id -u)" -ne 0 ] || leave_root

folder=$(realpath -m "$data")
exec 3< <(cd "$start_in" && exec "$spoor" serve --greet --data "$folder" "${settings[@]}" "$@")
server=$!
trap 'kill -TERM "$server" 2>/dev/null || true' INT TERM
greeted=
while IFS= read -r line <&3; do
  echo "$line"
  case "$line" in
    'Spoor answers at '*) greeted=yes ;;
    '') [ -z "$greeted" ] || break ;;
  esac
done
if [ -n "$greeted" ]; then
  import_logs
  echo "Ctrl-C ends the server."
fi
status=0
wait "$server" || status=$?
# A signal interrupts wait; the server's own end is what counts.
while [ "$status" -gt 128 ] && kill -0 "$server" 2>/dev/null; do
  status=0
  wait "$server" || status=$?
done
exit "$status"
