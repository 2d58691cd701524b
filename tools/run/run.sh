#!/bin/bash
# Imports logs (or our samples) into a data folder and shows what is there.
set -euo pipefail
cd "$(dirname "$0")/../.."
data=${1:-var}
logs=${2:-}
spoor=build/bin/spoor
if [ -z "$logs" ]; then
  logs=$data/samples
  [ -d "$logs" ] || { mkdir -p "$logs" && "$spoor" admin sample "$logs"; }
fi
echo "== importing $logs into $data"
"$spoor" import --data "$data" "$logs"
echo
echo "== devices"
"$spoor" device list --data "$data"
device=$("$spoor" device list --data "$data" --format csv | sed -n 2p | cut -d, -f1)
if [ -n "$device" ]; then
  echo
  echo "== newest events of $device"
  "$spoor" device timeline --data "$data" --rows 20 "$device"
fi
cat <<TXT

Next:
  $spoor device tree --data $data ${device:-DEVICE}
  $spoor query --data $data 'DeviceProcessEvents | summarize count() by FileName | top 10 by count_'
  $spoor query --data $data 'DeviceNetworkEvents | where RemoteIPType == "Public" | project Timestamp, DeviceName, RemoteIP, RemotePort, InitiatingProcessFileName'
  $spoor records some.evtx | head
TXT
