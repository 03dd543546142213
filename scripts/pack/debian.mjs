// The Debian package. Everything is in /usr/lib/ebtop, with links and copies where the system looks for them.
import { lstatSync, lutimesSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { environment, top } from "../setup/paths.mjs";
import { run } from "../setup/report.mjs";
import { copyProgram, SERVICE } from "./program.mjs";

/** Debian's names for the values of process.arch. */
const ARCHITECTURES = { x64: "amd64", arm64: "arm64" };

/** What the program needs from the system: the C library of 2018 that Node requires, the libraries of GCC that it loads, find and readlink, useradd. */
const DEPENDS = "libc6 (>= 2.28), libstdc++6 (>= 5), findutils, coreutils, passwd";

/** Where the system looks for the files of share/. */
const COMPLETIONS = {
	"ebtop.bash": "usr/share/bash-completion/completions/ebtop",
	_ebtop: "usr/share/zsh/vendor-completions/_ebtop",
	"ebtop.fish": "usr/share/fish/vendor_completions.d/ebtop.fish",
};

/** The same for the service, which is not started: viewing it is for the group ebtop. */
const SERVICE_PLACES = {
	"share/ebtop.service": "usr/lib/systemd/system/ebtop.service",
	"share/ebtop.sysusers": "usr/lib/sysusers.d/ebtop.conf",
};

/** Where the package notes what it made, so that it removes no user or group of the machine's own. */
const MADE = "/var/lib/ebtop-package";

/** The service's user and the group of its viewers are made at installation and removed at purge. */
const SCRIPTS = {
	postinst: `#!/bin/sh
set -e
[ "$1" = configure ] || exit 0
mkdir -p ${MADE}
if ! getent group ebtop > /dev/null; then
	groupadd --system ebtop
	: > ${MADE}/group
fi
if ! getent passwd ebtop > /dev/null; then
	useradd --system --gid ebtop --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin \\
		--comment "ebtop, what this machine does" ebtop
	: > ${MADE}/user
fi
if [ -d /run/systemd/system ]; then
	systemctl daemon-reload
	systemctl try-restart ebtop.service || true
fi
`,
	prerm: `#!/bin/sh
set -e
if [ "$1" = remove ] && [ -d /run/systemd/system ]; then systemctl disable --now ebtop.service || true; fi
`,
	postrm: `#!/bin/sh
set -e
if [ "$1" = remove ] && [ -d /run/systemd/system ]; then systemctl daemon-reload || true; fi
[ "$1" = purge ] || exit 0
if [ -e ${MADE}/user ] && getent passwd ebtop > /dev/null; then userdel ebtop; fi
if [ -e ${MADE}/group ] && getent group ebtop > /dev/null; then groupdel ebtop; fi
rm -rf ${MADE}
`,
};

function place(path, bytes, mode = 0o644) {
	mkdirSync(dirname(path), { recursive: true, mode: 0o755 });
	writeFileSync(path, bytes, { mode });
}

function kilobytesOf(folder) {
	return readdirSync(folder, { recursive: true }).reduce(
		(sum, name) => sum + Math.ceil(lstatSync(join(folder, name)).size / 1024),
		0,
	);
}

/** Sets all times, which dpkg-deb packs unchanged. */
function setTimes(folder, time) {
	for (const name of readdirSync(folder, { recursive: true })) lutimesSync(join(folder, name), time, time);
	lutimesSync(folder, time, time);
}

/** Writes `ebtop_VERSION_ARCH.deb` into `into`; returns a list of its path. `work` is a folder for temporary files. */
export async function debian(into, work, { version, description, arch, time, isQuick }) {
	const architecture = ARCHITECTURES[arch];
	const root = join(work, "debian");
	const lib = join(root, "usr/lib/ebtop");
	copyProgram(lib, false);
	mkdirSync(join(root, "usr/bin"));
	symlinkSync("../lib/ebtop/bin/ebtop", join(root, "usr/bin/ebtop"));
	place(join(root, "usr/share/man/man1/ebtop.1.gz"), gzipSync(readFileSync(join(top, "share/ebtop.1")), { level: 9 }));
	for (const [name, path] of Object.entries(COMPLETIONS))
		place(join(root, path), readFileSync(join(top, "share/completions", name)));
	for (const file of SERVICE) place(join(root, SERVICE_PLACES[file]), readFileSync(join(top, file)));
	const doc = join(root, "usr/share/doc/ebtop");
	place(
		join(doc, "copyright"),
		`${readFileSync(join(top, "NOTICE"), "utf8")}\n${readFileSync(join(top, "LICENSE"), "utf8")}`,
	);
	for (const name of ["README.md", "LIMITS.md", "share/ASKING.md"])
		place(join(doc, basename(name)), readFileSync(join(top, name)));
	place(join(doc, "changelog.gz"), gzipSync(readFileSync(join(top, "CHANGELOG.md")), { level: 9 }));
	const control = [
		"Package: ebtop",
		`Version: ${version}`,
		`Architecture: ${architecture}`,
		"Maintainer: the developers of ebtop <ebtop@localhost>",
		`Installed-Size: ${kilobytesOf(root)}`,
		`Depends: ${DEPENDS}`,
		"Section: admin",
		"Priority: optional",
		`Description: ${description}`,
		"",
	];
	place(join(root, "DEBIAN/control"), control.join("\n"));
	for (const [name, text] of Object.entries(SCRIPTS)) place(join(root, "DEBIAN", name), text, 0o755);
	setTimes(root, Number(time));
	const path = join(into, `ebtop_${version}_${architecture}.deb`);
	const compression = isQuick ? ["-Znone"] : ["-Zxz"];
	const env = { ...environment, SOURCE_DATE_EPOCH: time };
	const failure = "dpkg-deb failed: it makes the Debian package, and is on every Debian.";
	await run("dpkg-deb", ["--root-owner-group", ...compression, "--build", root, path], failure, { env });
	return [path];
}
