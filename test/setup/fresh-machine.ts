// A simulated machine for the set-up: a PATH with only what a test wants, and an apt-get that logs what it is asked for
// and "installs" it.
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder with our own programs, used as the whole PATH. */
export class FreshMachine {
	readonly bin: string;
	private readonly folder = mkdtempSync(join(tmpdir(), "eb-machine-"));
	private readonly log = join(this.folder, "apt.log");

	constructor() {
		this.bin = join(this.folder, "bin");
		mkdirSync(this.bin);
		for (const name of ["sh", "env", "true", "chmod"]) symlinkSync(`/bin/${name}`, join(this.bin, name));
	}

	/** A shell script as a program. */
	script(name: string, body: string): void {
		writeFileSync(join(this.bin, name), `#!/bin/sh\n${body}\n`);
		chmodSync(join(this.bin, name), 0o755);
	}

	/** An apt-get that logs its arguments; `installs` are the programs that appear when it runs install. */
	apt(installs: readonly string[]): void {
		const makes = installs.map((name) => `: >${this.bin}/${name}; chmod +x ${this.bin}/${name}`).join("; ");
		this.script("apt-get", `echo "$@" >>${this.log}\ncase "$*" in *install*) ${makes || ":"} ;; esac`);
	}

	/** What apt-get was called with, a line per call. */
	aptCalls(): string[] {
		try {
			return readFileSync(this.log, "utf8").trim().split("\n");
		} catch {
			return [];
		}
	}

	remove(): void {
		rmSync(this.folder, { recursive: true });
	}
}
