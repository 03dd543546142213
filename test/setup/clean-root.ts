// A root directory with only what npm and ebtop's launcher need: no compiler, no Python, no make.
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, realpathSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const PROGRAMS = ["sh", "env", "readlink", "find", "mktemp", "rm", "tr", "cat", "node"];

const which = (program: string) =>
	execFileSync("/bin/sh", ["-c", `command -v ${program}`], { encoding: "utf8" }).trim();

/** Copies a program and the libraries that it is linked to. */
function copyWithLibraries(program: string, root: string): void {
	const place = join(root, "usr/bin", program);
	cpSync(realpathSync(which(program)), place);
	const listed = execFileSync("ldd", [place], { encoding: "utf8" });
	for (const [path] of listed.matchAll(/\/\S+(?= \()/g)) {
		mkdirSync(join(root, dirname(path)), { recursive: true });
		cpSync(realpathSync(path), join(root, path));
	}
}

/** Makes it in the new folder `root`. */
export class CleanRoot {
	readonly root: string;

	constructor(root: string) {
		this.root = root;
		for (const folder of ["usr/bin", "usr/lib", "usr/local", "tmp", "proc", "sys", "dev", "root", "packages"])
			mkdirSync(join(root, folder), { recursive: true });
		execFileSync("ln", ["-s", "usr/bin", join(root, "bin")]);
		for (const program of PROGRAMS) copyWithLibraries(program, root);
		// npm is the machine's: a folder of JavaScript.
		const npm = dirname(dirname(realpathSync(which("npm"))));
		cpSync(npm, join(root, "usr/lib/npm"), { recursive: true, dereference: true });
		writeFileSync(join(root, "usr/bin/npm"), '#!/bin/sh\nexec node /usr/lib/npm/bin/npm-cli.js "$@"\n', {
			mode: 0o755,
		});
	}

	/** Runs a shell command in it, with the machine's /proc, /sys and /dev but no network. */
	run(command: string): { status: number | null; stdout: string; stderr: string } {
		const mounts = ["proc", "sys", "dev"].map((name) => `mount --rbind /${name} ${join(this.root, name)}`);
		const inside = `exec chroot ${this.root} /bin/sh -c "$1"`;
		return spawnSync("unshare", ["--mount", "--net", "sh", "-c", [...mounts, inside].join(" && "), "sh", command], {
			encoding: "utf8",
			env: { PATH: "/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", HOME: "/root", TERM: "xterm" },
			maxBuffer: 64 << 20,
		});
	}

	has(path: string): boolean {
		return existsSync(join(this.root, path));
	}
}
