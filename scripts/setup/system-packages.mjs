// The Debian and Ubuntu packages that building and testing need, and their installation through apt.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { environment, findProgram } from "./paths.mjs";
import { run, SetupError, say } from "./report.mjs";

const libraryFolders = ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/usr/lib"];

const program = (debianPackage, name) => ({ debianPackage, isThere: () => findProgram(name) !== null });
const header = (debianPackage, name) => ({ debianPackage, isThere: () => existsSync(`/usr/include/${name}`) });
const archive = (debianPackage, name) => ({
	debianPackage,
	isThere: () => libraryFolders.some((folder) => existsSync(`${folder}/${name}`)),
});

/** What the native build needs. Tested by use, so that other distributions may package it differently. */
export const buildPackages = [
	program("clang", "clang"),
	program("bpftool", "bpftool"),
	archive("libbpf-dev", "libbpf.a"),
	archive("libelf-dev", "libelf.a"),
	archive("zlib1g-dev", "libz.a"),
	program("g++", "g++"),
	program("make", "make"),
	program("cmake", "cmake"),
	header("linux-libc-dev", "linux/bpf.h"),
];

/** libFuzzer, which clang looks for in its own folder; its name contains the architecture. */
function hasFuzzerRuntime() {
	const name = `libclang_rt.fuzzer-${process.arch === "arm64" ? "aarch64" : "x86_64"}.a`;
	const { stdout } = spawnSync("clang", [`-print-file-name=${name}`], { encoding: "utf8" });
	return stdout?.startsWith("/") ?? false; // otherwise it prints the name unchanged
}

/** Programs that the tests and benchmarks start besides ebtop. */
export const testPackages = [
	program("gcc", "gcc"),
	{
		debianPackage: "linux-libc-dev-armhf-cross",
		isThere: () => existsSync("/usr/arm-linux-gnueabihf/include/asm/unistd.h"),
	},
	program("tmux", "tmux"),
	program("libbpf-tools", "syscount"),
	program("htop", "htop"),
	program("strace", "strace"),
	program("iproute2", "ip"),
	program("procps", "ps"),
	program("binutils", "readelf"),
	program("openssh-client", "ssh-agent"),
	program("openssh-server", "sshd"),
	program("dbus-daemon", "dbus-daemon"),
	program("redis-server", "redis-server"),
	program("nginx-light", "nginx"),
	program("podman", "podman"),
	program("clang-format", "clang-format"),
	program("clang-tidy", "clang-tidy"),
	{ debianPackage: "libclang-rt-dev", isThere: hasFuzzerRuntime },
	program("jq", "jq"),
	program("mandoc", "mandoc"),
	program("fish", "fish"),
	program("zsh", "zsh"),
	program("prometheus", "promtool"),
	program("musl-tools", "musl-gcc"),
	program("runc", "runc"), // podman's other runtime, crun, refuses hybrid cgroups
];

/** Programs that make and boot guests (scripts/guest). */
export const guestPackages = [
	program("gcc", "gcc"),
	program("cpio", "cpio"),
	program("curl", "curl"),
	program("gnupg", "gpg"),
	program("kmod", "depmod"),
	program("lld", "ld.lld"),
	program("xz-utils", "xz"),
	program("zstd", "zstd"),
	program("busybox-static", "busybox"),
	program("e2fsprogs", "mke2fs"),
];

/** Debian names of missing packages. */
export function missingPackages(wanted) {
	return wanted.filter((each) => !each.isThere()).map((each) => each.debianPackage);
}

/** How apt can be run here: the words before `apt-get`, or null if it may not be run. */
function privilege() {
	if (process.getuid() === 0) return [];
	if (findProgram("sudo") === null) return null;
	const sudoAsksNothing = spawnSync("sudo", ["-n", "true"], { stdio: "ignore" }).status === 0;
	return sudoAsksNothing || process.stdin.isTTY ? ["sudo"] : null;
}

/**
 * Installs missing packages, or says how to. Does nothing if none is missing. `later`: what will be wanted next, so that a
 * user who has to install them by hand is told once.
 */
export async function installSystemPackages(wanted, later = []) {
	const missing = missingPackages(wanted);
	if (missing.length === 0) return;
	const all = missingPackages([...wanted, ...later]).join(" ");
	if (findProgram("apt-get") === null) {
		throw new SetupError(`ebtop needs these (Debian names) and there is no apt here to install them: ${all}`);
	}
	const prefix = privilege();
	if (prefix === null) {
		throw new SetupError(`System packages are missing. Run this, then start again:\nsudo apt-get install -y ${all}`);
	}
	say(`installing system packages: ${missing.join(" ")}`);
	const apt = (...args) => [...prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", ...args];
	const [update, ...updateArgs] = apt("update");
	// If this fails, the lists on the disk may suffice. sudo asks on the terminal itself.
	spawnSync(update, updateArgs, { env: environment, stdio: ["inherit", "ignore", "ignore"] });
	const [install, ...installArgs] = apt("install", "-y", "--no-install-recommends", ...missing);
	await run(
		install,
		installArgs,
		`apt could not install ${missing.join(" ")}. Install them by hand, then start again.`,
		{ env: environment },
	);
	const stillMissing = missingPackages(wanted);
	if (stillMissing.length > 0) {
		throw new SetupError(`These packages are installed but do not hold what ebtop needs: ${stillMissing.join(" ")}`);
	}
}
