#!/usr/bin/env bash
# fetch.sh SERIES… : qemu and the newest stock Debian cloud kernel of each series, unpacked into build/guest. apt has
# its own configuration, lists and state there, so the machine's packages and lists do not change.
set -euo pipefail
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cache=$top/build/guest
apt=$cache/apt
mkdir -p "$apt"/{lists/partial,cache/archives/partial,etc/apt.conf.d,etc/preferences.d,etc/sources.list.d} "$cache/kernels"

# The mirror that this machine uses.
mirror=${DEBIAN_MIRROR:-$({ cat /etc/apt/sources.list /etc/apt/sources.list.d/*.sources 2>/dev/null || true; } |
	awk '/^URIs:.*\/debian\/? *$/ {u = $2} /^deb .*\/debian\/? / {for (i = 2; i <= NF; i++) if ($i ~ /^https?:/) u = $i}
		END {sub("/debian/?$", "", u); print u}')}
signed="signed-by=/usr/share/keyrings/debian-archive-keyring.gpg arch=amd64"
{
	for suite in bookworm bookworm-backports trixie-backports; do echo "deb [$signed] $mirror/debian $suite main"; done
	for suite in bullseye bookworm; do echo "deb [$signed] $mirror/debian-security $suite-security main"; done
} >"$apt/etc/sources.list"
[ -e "$apt/status" ] || cp /var/lib/dpkg/status "$apt/status"
cat >"$apt/apt.conf" <<EOF
Dir::Etc "$apt/etc"; Dir::State "$apt"; Dir::State::status "$apt/status"; Dir::State::lists "$apt/lists"; Dir::Cache "$apt/cache";
Acquire::Languages "none"; Acquire::Check-Valid-Until "false"; APT::Sandbox::User "root"; APT::Architectures { "amd64"; };
EOF
export APT_CONFIG=$apt/apt.conf
apt-get -qq update

unpack() { # unpack DEB FOLDER PATTERN…
	local deb=$1 folder=$2
	shift 2
	mkdir -p "$folder"
	# tar complains about patterns that match nothing in this package
	dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$folder" --wildcards --exclude='*/doc/*' "$@" 2>/dev/null || true
}

fetch_qemu() { # from backports: bookworm's own sometimes crashes on the newest kernels
	[ -x "$cache/qemu/usr/bin/qemu-system-x86_64" ] && return
	apt-get -qq -y -d --no-install-recommends -t bookworm-backports install qemu-system-x86 >/dev/null
	for deb in "$apt"/cache/archives/*.deb; do unpack "$deb" "$cache/qemu" --exclude='*qemu-system-i386*' './usr/*' './lib/*'; done
	rm -f "$apt"/cache/archives/*.deb
}

download() { # download VERSION FOLDER: the packages of one kernel; newer series have the modules in a package of their own
	local version=$1 folder=$2 packages="linux-image-$1"
	if apt-cache show "linux-binary-$version" >/dev/null 2>&1; then
		packages="linux-binary-$version linux-modules-$version"
		apt-cache show "linux-modules-$version" 2>/dev/null | grep -q ^Filename || return 1
	fi
	rm -rf "$folder" && mkdir -p "$folder"
	# shellcheck disable=SC2086 # packages is a list
	(cd "$folder" && apt-get -qq download $packages >/dev/null 2>&1)
}

fetch_kernel() {
	local series=$1 folder=$cache/kernels/$1 version
	[ -e "$folder/.complete" ] && return
	rm -rf "$folder" && mkdir -p "$folder"
	for version in $(apt-cache pkgnames linux- | grep -v 'deb11\.' |
		sed -nE "s/^linux-(image|binary)-(${series//./\\.}[.-][0-9][^ ]*cloud-amd64)$/\2/p" | sort -Vru); do
		download "$version" "$cache/download" || continue # skips a package whose file is gone
		for deb in "$cache"/download/*.deb; do
			unpack "$deb" "$folder" './boot/vmlinuz*' '*/vmlinuz' '*/modules.*' '*/drivers/virtio/*' \
				'*/drivers/block/virtio_blk*' '*/fs/overlayfs/*' '*/drivers/net/veth*' '*/net/*_diag.*'
		done
		rm -rf "$cache/download"
		[ -e "$folder/lib" ] || ln -s usr/lib "$folder/lib"
		[ -d "$folder/lib/modules" ] || continue
		touch "$folder/.complete"
		echo "$series: $version"
		return
	done
	echo "There is no cloud kernel of series $series on this mirror." >&2
	return 1
}

fetch_qemu
for series in "$@"; do fetch_kernel "$series"; done
