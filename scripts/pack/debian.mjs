// The Debian package. Everything is in /usr/lib/ebtop, with links and copies where the system looks for them.
import { lstatSync, lutimesSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { environment, top } from "../setup/paths.mjs";
import { run } from "../setup/report.mjs";
import { copyProgram } from "./program.mjs";

/** Debian's names for the values of process.arch. */
const ARCHITECTURES = { x64: "amd64", arm64: "arm64" };

/** What the program needs from the system: the C library of 2018 that Node requires, the libraries of GCC that it loads, find and readlink. */
const DEPENDS = "libc6 (>= 2.28), libstdc++6 (>= 5), findutils, coreutils";

/** Where the system looks for the files of share/. */
const COMPLETIONS = {
	"ebtop.bash": "usr/share/bash-completion/completions/ebtop",
	_ebtop: "usr/share/zsh/vendor-completions/_ebtop",
	"ebtop.fish": "usr/share/fish/vendor_completions.d/ebtop.fish",
};

function place(path, bytes) {
	mkdirSync(dirname(path), { recursive: true, mode: 0o755 });
	writeFileSync(path, bytes, { mode: 0o644 });
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
export function debian(into, work, { version, description, arch, time, isQuick }) {
	const architecture = ARCHITECTURES[arch];
	const root = join(work, "debian");
	const lib = join(root, "usr/lib/ebtop");
	copyProgram(lib, false);
	mkdirSync(join(root, "usr/bin"));
	symlinkSync("../lib/ebtop/bin/ebtop", join(root, "usr/bin/ebtop"));
	place(join(root, "usr/share/man/man1/ebtop.1.gz"), gzipSync(readFileSync(join(top, "share/ebtop.1")), { level: 9 }));
	for (const [name, path] of Object.entries(COMPLETIONS))
		place(join(root, path), readFileSync(join(top, "share/completions", name)));
	const doc = join(root, "usr/share/doc/ebtop");
	place(
		join(doc, "copyright"),
		`${readFileSync(join(top, "NOTICE"), "utf8")}\n${readFileSync(join(top, "LICENSE"), "utf8")}`,
	);
	for (const name of ["README.md", "LIMITS.md"]) place(join(doc, name), readFileSync(join(top, name)));
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
	setTimes(root, Number(time));
	const path = join(into, `ebtop_${version}_${architecture}.deb`);
	const compression = isQuick ? ["-Znone"] : ["-Zxz"];
	const env = { ...environment, SOURCE_DATE_EPOCH: time };
	const failure = "dpkg-deb failed: it makes the Debian package, and is on every Debian.";
	run("dpkg-deb", ["--root-owner-group", ...compression, "--build", root, path], failure, { env });
	return [path];
}
