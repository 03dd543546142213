#!/usr/bin/env bash
# boot.sh SERIES IMAGE COMMAND : boots a kernel that fetch.sh downloaded and runs COMMAND in the guest's /ebtop
# (SERIES aarch64, aarch64-16k: of arm64, with an image for it). Ends with the command's status, or 97 if there is none (a panic, a timeout). LIMIT seconds (300), MEMORY MiB (2048),
# GUEST_OUT: the folder for files from the guest. EVEN: the guest's clock counts instructions, a billion a second, so that it does not
# see how slow it is.
set -uo pipefail
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cache=$top/.guest
kernel=$cache/kernels/$1
image=$2
command=$3
busybox=$(command -v busybox)
machine=(x86_64 -M pc -cpu max)
console=ttyS0
if [[ $1 == aarch64* ]]; then
	busybox=$cache/arm64/bin/busybox
	# The real algorithm of pointer authentication takes most of the time of an emulated CPU.
	machine=(aarch64 -M virt -cpu "max,pauth-impdef=on")
	console=ttyAMA0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

version=$(ls "$kernel/lib/modules" | head -n 1)
[ -e "$kernel/lib/modules/$version/modules.dep" ] || depmod -b "$kernel" "$version"
boot_image=$(ls "$kernel"/boot/vmlinuz-* "$kernel/lib/modules/$version/vmlinuz" 2>/dev/null | head -n 1)

# The initrd: the few modules needed to mount the root, which is read-only below an overlay in memory, and those that a
# machine would load on demand.
make_initrd() {
	local files=$work/initrd.d module name
	mkdir -p "$files"/{bin,proc,sys,dev,lower,upper,new,modules}
	cp "$busybox" "$files/bin/busybox"
	for name in sh mount insmod mkdir switch_root poweroff; do ln -s busybox "$files/bin/$name"; done
	touch "$files/modules/order"
	for module in $(for wanted in virtio_pci virtio_blk crc32c ext4 loop overlay veth unix_diag tcp_diag udp_diag; do
		modprobe -d "$kernel" -S "$version" --show-depends $wanted 2>/dev/null | awk '$1 == "insmod" {print $2}'
	done | awk '!seen[$0]++'); do
		name=$(basename "$module" | sed 's/\.\(xz\|zst\)$//')
		case $module in
		*.xz) xz -dc "$module" ;;
		*.zst) zstd -qdc "$module" ;;
		*) cat "$module" ;;
		esac >"$files/modules/$name"
		echo "$name" >>"$files/modules/order"
	done
	cat >"$files/init" <<-'EOF'
		#!/bin/sh
		export PATH=/bin
		mount -t proc proc /proc; mount -t sysfs sys /sys; mount -t devtmpfs dev /dev
		while read module; do insmod /modules/$module; done </modules/order
		mount -t ext4 -o ro /dev/vda /lower && mount -t tmpfs upper /upper && mkdir /upper/upper /upper/work &&
			mount -t overlay -o lowerdir=/lower,upperdir=/upper/upper,workdir=/upper/work overlay /new ||
			{ echo "@@ no root file system"; poweroff -f; }
		for folder in proc sys dev; do mount -o move /$folder /new/$folder; done
		exec switch_root /new /init
	EOF
	chmod +x "$files/init"
	(cd "$files" && find . -mindepth 1 | cpio -o -H newc --quiet) >"$work/initrd"
}

start_guest() {
	local qemu=$cache/qemu
	local speed=(-accel "tcg,thread=multi,tb-size=512")
	[ -z "${EVEN:-}" ] || speed=(-accel "tcg,thread=single,tb-size=512" -icount "shift=0,sleep=off")
	# A guest ends with what started it, even if that is killed.
	LD_LIBRARY_PATH=$qemu/usr/lib/x86_64-linux-gnu:$qemu/lib/x86_64-linux-gnu setpriv --pdeathsig TERM \
		timeout -k 2 "${LIMIT:-300}" "$qemu/usr/bin/qemu-system-${machine[0]}" "${machine[@]:1}" \
		-L "$qemu/usr/share/qemu" -L "$qemu/usr/share/seabios" "${speed[@]}" -smp 2 \
		-m "${MEMORY:-2048}" -nodefaults -no-user-config -display none -no-reboot -serial stdio \
		-drive "file=$image,if=none,id=root,format=raw,readonly=on" -device virtio-blk-pci,drive=root \
		-kernel "$boot_image" -initrd "$work/initrd" \
		-append "console=$console quiet panic=-1 mitigations=off no_timer_check lsm=landlock,lockdown,yama,apparmor,bpf ebtop.run=$(printf %s "$command" | base64 -w0)" \
		</dev/null 2>&1 | sed -u 's/\r//g' | tee "$work/log" | sed -u '/^@@ file /,/^@@ end$/d'
}

take_files() {
	[ -n "${GUEST_OUT:-}" ] || return
	mkdir -p "$GUEST_OUT"
	sed -n 's/^@@ file //p' "$work/log" | while read -r name; do
		sed -n "/^@@ file $name\$/,/^@@ end\$/p" "$work/log" | grep -v '^@@' | base64 -d >"$GUEST_OUT/$name"
	done
}

make_initrd
for attempt in 1 2; do
	start_guest
	status=$(sed -n 's/^@@ exit //p' "$work/log" | tail -n 1)
	take_files # also where its time was up: what it gave until then
	[ -z "$status" ] || exit "$status"
	grep -q '^@@ ready' "$work/log" && break # it came up: the command took too long, or the kernel fell
	echo "@@ the guest did not come up (attempt $attempt)"
done
exit 97
