#!/usr/bin/env bash
# fetch.sh SERIES… : qemu and the newest stock Debian cloud kernel of each series, unpacked into .guest; of 5.15, which Debian
# never had, that of Ubuntu 22.04. SERIES aarch64: 6.12 for arm64, with programs, libraries and headers to build ebtop; aarch64-16k: the same with pages of 16 KiB. apt has its own configuration, lists and state there, so the machine's packages and lists do
# not change.
set -euo pipefail
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cache=$top/.guest
mkdir -p "$cache/kernels"

# The mirror that this machine uses.
mirror=${DEBIAN_MIRROR:-$({ cat /etc/apt/sources.list /etc/apt/sources.list.d/*.sources 2>/dev/null || true; } |
	awk '/^URIs:.*\/debian\/? *$/ {u = $2} /^deb .*\/debian\/? / {for (i = 2; i <= NF; i++) if ($i ~ /^https?:/) u = $i}
		END {sub("/debian/?$", "", u); print u}')}

# use_apt ARCHITECTURE STATUS : apt-get and apt-cache are for that architecture, and STATUS lists what is installed.
use_apt() {
	local folder=$cache/apt signed="signed-by=/usr/share/keyrings/debian-archive-keyring.gpg arch=$1" suite
	[ "$1" = amd64 ] || folder=$cache/apt-$1
	apt=$folder
	export APT_CONFIG=$apt/apt.conf
	mkdir -p "$apt"/{lists/partial,cache/archives/partial,etc/apt.conf.d,etc/preferences.d,etc/sources.list.d}
	{
		for suite in bookworm bookworm-backports trixie-backports; do echo "deb [$signed] $mirror/debian $suite main"; done
		for suite in bullseye bookworm; do echo "deb [$signed] $mirror/debian-security $suite-security main"; done
	} >"$apt/etc/sources.list"
	[ -e "$apt/status" ] || cp "$2" "$apt/status"
	cat >"$apt/apt.conf" <<-EOF
		Dir::Etc "$apt/etc"; Dir::State "$apt"; Dir::State::status "$apt/status"; Dir::State::lists "$apt/lists"; Dir::Cache "$apt/cache";
		Acquire::Languages "none"; Acquire::Check-Valid-Until "false"; APT::Sandbox::User "root";
		APT::Architecture "$1"; APT::Architectures { "$1"; };
	EOF
	apt-get -qq update
}

unpack() { # unpack DEB FOLDER PATTERN…
	local deb=$1 folder=$2
	shift 2
	mkdir -p "$folder"
	# tar complains about patterns that match nothing in this package
	dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$folder" --wildcards --exclude='*/doc/*' "$@" 2>/dev/null || true
}

fetch_qemu() { # fetch_qemu PACKAGE MACHINE, from backports: bookworm's own sometimes crashes on the newest kernels
	[ -x "$cache/qemu/usr/bin/qemu-system-$2" ] && return
	apt-get -qq -y -d --no-install-recommends -t bookworm-backports install "$1" >/dev/null
	for deb in "$apt"/cache/archives/*.deb; do unpack "$deb" "$cache/qemu" --exclude='*qemu-system-i386*' './usr/*' './lib/*'; done
	rm -f "$apt"/cache/archives/*.deb
}

# What a guest of arm64 has, and what the addon is built with.
fetch_arm64_root() {
	local root=$cache/arm64
	[ -e "$root/.complete" ] && return
	apt-get -qq -y -d --no-install-recommends install busybox-static coreutils dash findutils iproute2 util-linux \
		libbpf-dev libc6-dev libelf-dev libstdc++-12-dev libzstd-dev linux-libc-dev zlib1g-dev >/dev/null
	rm -rf "$root"
	for deb in "$apt"/cache/archives/*.deb; do unpack "$deb" "$root" './*'; done
	rm -f "$apt"/cache/archives/*.deb
	touch "$root/.complete"
}

# The packages of package-lock.json as npm installs them on arm64.
fetch_arm64_packages() {
	local folder=$cache/arm64-packages
	cmp -s "$top/package-lock.json" "$folder/node_modules/.lock" && return
	mkdir -p "$folder"
	cp "$top/package.json" "$top/package-lock.json" "$folder/"
	(cd "$folder" && npm ci --cpu=arm64 --os=linux --libc=glibc --include=dev --include=optional --ignore-scripts --no-audit \
		--no-fund --loglevel=error)
	cp "$top/package-lock.json" "$folder/node_modules/.lock"
}

# Ubuntu's archive, signed by its key of 2018.
add_ubuntu() {
	local mirror=${UBUNTU_MIRROR:-http://archive.ubuntu.com/ubuntu} keyring=$apt/ubuntu-archive-keyring.gpg
	local key=F6ECB3762474EDA9D21B7022871920D1991BC93C package=pool/main/u/ubuntu-keyring/ubuntu-keyring_2021.03.26_all.deb
	[ ! -e "$apt/etc/sources.list.d/ubuntu.list" ] || return 0
	curl -fsS "$mirror/$package" -o "$cache/ubuntu-keyring.deb"
	dpkg-deb --fsys-tarfile "$cache/ubuntu-keyring.deb" | tar -xO ./usr/share/keyrings/ubuntu-archive-keyring.gpg >"$cache/all-keys.gpg"
	gpg --no-default-keyring --keyring "$cache/all-keys.gpg" --export $key >"$keyring"
	rm "$cache/ubuntu-keyring.deb" "$cache/all-keys.gpg"
	for suite in jammy-security jammy-updates; do echo "deb [signed-by=$keyring arch=amd64] $mirror $suite main"; done \
		>"$apt/etc/sources.list.d/ubuntu.list"
	apt-get -qq update
}

download() { # download VERSION FOLDER: the packages of one kernel; newer series have the modules in a package of their own
	local version=$1 folder=$2 packages="linux-image-$1"
	if apt-cache show "linux-binary-$version" >/dev/null 2>&1; then
		packages="linux-binary-$version linux-modules-$version"
		apt-cache show "linux-modules-$version" 2>/dev/null | grep -q ^Filename || return 1
	elif apt-cache show "linux-modules-$version" >/dev/null 2>&1; then # Ubuntu's
		packages="$packages linux-modules-$version"
	fi
	rm -rf "$folder" && mkdir -p "$folder"
	# shellcheck disable=SC2086 # packages is a list
	(cd "$folder" && apt-get -qq download $packages >/dev/null 2>&1)
}

fetch_kernel() { # fetch_kernel NAME SERIES FLAVOUR
	local series=$2 folder=$cache/kernels/$1 version flavour=$3
	[ -e "$folder/.complete" ] && return
	rm -rf "$folder" && mkdir -p "$folder"
	for version in $(apt-cache pkgnames linux- | grep -v 'deb11\.' |
		sed -nE "s/^linux-(image|binary)-(${series//./\\.}[.-][0-9][^ ]*$flavour)$/\2/p" | sort -Vru); do
		download "$version" "$cache/download" || continue # skips a package whose file is gone
		for deb in "$cache"/download/*.deb; do
			unpack "$deb" "$folder" './boot/vmlinuz*' '*/vmlinuz' '*/modules.*' '*/drivers/virtio/*' \
				'*/drivers/block/virtio_blk*' '*/drivers/block/loop*' '*/fs/overlayfs/*' '*/drivers/net/veth*' '*/net/*_diag.*' \
				'*/fs/ext4/*' '*/fs/jbd2/*' '*/fs/mbcache.*' '*/kernel/lib/*' '*/crypto/crc32c*'
		done
		rm -rf "$cache/download"
		[ -e "$folder/lib" ] || ln -s usr/lib "$folder/lib"
		[ -d "$folder/lib/modules" ] || continue
		touch "$folder/.complete"
		echo "$1: $version"
		return
	done
	echo "There is no cloud kernel of series $series on this mirror." >&2
	return 1
}

use_apt amd64 /var/lib/dpkg/status
for series in "$@"; do
	case $series in
	aarch64*) fetch_qemu qemu-system-arm aarch64 ;;
	*) fetch_qemu qemu-system-x86 x86_64 ;;
	esac
	case $series in
	aarch64*)
		use_apt arm64 /dev/null
		case $series in
		aarch64-16k) fetch_kernel "$series" 6.12 arm64-16k ;;
		*) fetch_kernel "$series" 6.12 cloud-arm64 ;;
		esac
		fetch_arm64_root
		fetch_arm64_packages
		use_apt amd64 /var/lib/dpkg/status
		;;
	5.15)
		add_ubuntu
		fetch_kernel "$series" "$series" generic
		;;
	*) fetch_kernel "$series" "$series" cloud-amd64 ;;
	esac
done
