#!/usr/bin/env bash
# demo.sh [SERIES] : makes demo/demo.ebtop, the recording that ships, in a guest that runs only scripts/guest/demo.
# SECONDS_LONG (45) of the guest's time.
set -euo pipefail
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
series=${1:-6.12}
seconds=${SECONDS_LONG:-45}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

programs=()
for source in "$top"/scripts/guest/demo/*.c; do
	program=$work/$(basename "$source" .c)
	gcc -O2 -Wall -static -o "$program" "$source" -lrt
	programs+=("$program")
done
"$top/scripts/guest/fetch.sh" "$series"
GUEST_HOST=demo "$top/scripts/guest/image.sh" "$work/demo.img" "${programs[@]}" "$top/scripts/guest/demo/workload.sh"

mkdir -p "$top/demo"
GUEST_OUT=$top/demo "$top/scripts/guest/boot.sh" "$series" "$work/demo.img" \
	". scripts/guest/demo/workload.sh; sleep 2;
	bin/ebtop --json --record /tmp/demo.ebtop --count $seconds >/dev/null && give /tmp/demo.ebtop"
ls -l "$top/demo/demo.ebtop"
