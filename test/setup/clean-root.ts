// A root directory with only what ebtop's launcher needs: no compiler, no Python, no make.
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const PROGRAMS = ["sh", "env", "readlink", "find", "mktemp", "rm", "tr", "cat", "node"];

const which = (program: string) =>
	execFileSync("/bin/sh", ["-c", `PATH=$PATH:/usr/sbin:/sbin; command -v ${program}`], { encoding: "utf8" }).trim();

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

	/** `more`: programs besides those. Its users are root and nobody else. */
	constructor(root: string, more: readonly string[] = []) {
		this.root = root;
		for (const folder of ["usr/bin", "usr/lib", "usr/local", "etc", "tmp", "proc", "sys", "dev", "root", "packages"])
			mkdirSync(join(root, folder), { recursive: true });
		for (const name of ["bin", "sbin"]) symlinkSync("usr/bin", join(root, name));
		for (const program of [...PROGRAMS, ...more]) copyWithLibraries(program, root);
		writeFileSync(join(root, "etc/passwd"), "root:x:0:0::/root:/bin/sh\n");
		writeFileSync(join(root, "etc/group"), "root:x:0:\n");
	}

	/** The machine's npm, which is a folder of JavaScript. */
	addNpm(): void {
		const npm = dirname(dirname(realpathSync(which("npm"))));
		cpSync(npm, join(this.root, "usr/lib/npm"), { recursive: true, dereference: true });
		const start = '#!/bin/sh\nexec node /usr/lib/npm/bin/npm-cli.js "$@"\n';
		writeFileSync(join(this.root, "usr/bin/npm"), start, { mode: 0o755 });
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
