/**
 * Starts the C workloads of test/kernel/workloads and keeps in step with them. They communicate with the test through
 * files in their own directory (see role.h), so that their only IPC is the one under test.
 */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import {
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	statSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { patienceMs } from "./circumstances.ts";

const sources = join(import.meta.dirname, "../kernel/workloads");
const cache = join(import.meta.dirname, "../../build/workloads");

/** Where workloads are put, and what compiles them for 64 and for 32 bits. */
export interface Target {
	readonly folder: string;
	readonly compiler: readonly string[];
	readonly compiler32: readonly string[];
}
/** This machine. */
export const here: Target = { folder: cache, compiler: ["cc"], compiler32: ["cc", "-m32"] };

/** For 32-bit programs without headers or libraries: the compiler alone suffices. */
const flags32 = ["-nostdlib", "-static", "-fno-pic", "-no-pie", "-fno-stack-protector"];

/** Compiles `name`.c unless there is a newer binary; for 32 bits if the name ends in 32. */
export function compileWorkload(name: string, { folder, compiler, compiler32 }: Target = here): string {
	const source = join(sources, `${name.replace(/-musl$/, "")}.c`);
	const binary = join(folder, name);
	const newest = Math.max(...readdirSync(sources).map((file) => statSync(join(sources, file)).mtimeMs));
	if (existsSync(binary) && statSync(binary).mtimeMs > newest) return binary;
	mkdirSync(folder, { recursive: true });
	const temporary = `${binary}.${process.pid}`;
	const flags = name.endsWith("32") ? flags32 : ["-pthread", "-lrt"];
	const [program = "cc", ...given] = name.endsWith("32") ? compiler32 : compiler;
	execFileSync(name.endsWith("-musl") ? "musl-gcc" : program, [
		...given,
		"-O1",
		"-Wall",
		"-Wextra",
		"-Werror",
		"-o",
		temporary,
		source,
		...flags,
	]);
	execFileSync("mv", [temporary, binary]);
	return binary;
}

/** Compiles `name`.go unless there is a newer binary. */
export function compileGo(name: string): string {
	const source = join(sources, `${name}.go`);
	const binary = join(cache, name);
	if (existsSync(binary) && statSync(binary).mtimeMs > statSync(source).mtimeMs) return binary;
	mkdirSync(cache, { recursive: true });
	execFileSync("go", ["build", "-o", binary, source]);
	return binary;
}

export async function until<T>(what: string, poll: () => T | undefined | false): Promise<T> {
	const end = Date.now() + patienceMs;
	for (;;) {
		const value = poll();
		if (value !== undefined && value !== false) return value;
		if (Date.now() > end) throw new Error(`${what}: nothing after ${patienceMs / 1000} s`);
		await new Promise((resolve) => setTimeout(resolve, 5));
	}
}

/** One running workload. */
export class Workload {
	readonly directory: string;
	readonly #process: ChildProcess;
	#hasExited = false;

	/**
	 * `prepare` runs before anything is started, once the directory exists. `launch` returns the command line that
	 * starts the workload, if it is not to run directly, for example in a container.
	 */
	constructor(
		name: string,
		args: readonly (string | number)[],
		environment: Record<string, string> = {},
		prepare?: (workload: Workload) => void,
		launch: (words: readonly string[], directory: string) => readonly string[] = (words) => words,
	) {
		const binary = compileWorkload(name);
		this.directory = mkdtempSync(join(tmpdir(), "eb-"));
		prepare?.(this);
		const [command = binary, ...words] = launch([binary, ...args.map(String)], this.directory);
		this.#process = spawn(command, words, {
			cwd: this.directory,
			stdio: "ignore",
			env: { ...process.env, ...environment },
		});
		this.#process.on("exit", () => {
			this.#hasExited = true;
		});
	}

	/** Pids by role: those that have been started so far. */
	get pids(): ReadonlyMap<string, number> {
		const roles = this.#marked("pid");
		return new Map(roles.map((role) => [role, Number(readFileSync(join(this.directory, `pid.${role}`), "utf8"))]));
	}

	pid(role: string): number {
		const pid = this.pids.get(role);
		if (pid === undefined) throw new Error(`no process plays ${role}`);
		return pid;
	}

	/** The part after `what.` in the names of the files of that kind. */
	marks(what: string): string[] {
		return this.#marked(what);
	}

	/** Resolves when all roles have set up and wait. */
	async ready(...roles: string[]): Promise<void> {
		await this.#all("ready", roles);
	}

	/** Lets them work; returns when these roles (default: all that were ready) are done. */
	async work(...roles: string[]): Promise<void> {
		const wanted = roles.length ? roles : this.#marked("ready");
		writeFileSync(join(this.directory, "go"), "");
		await this.#all("done", wanted);
	}

	/** Lets all roles exit, waits for that and removes the directory. */
	async end(): Promise<void> {
		writeFileSync(join(this.directory, "end"), "");
		if (!existsSync(join(this.directory, "go"))) writeFileSync(join(this.directory, "go"), "");
		try {
			await until("the end of the workload", () => this.#hasExited);
		} finally {
			this.#kill();
			rmSync(this.directory, { recursive: true, force: true });
		}
	}

	#marked(what: string): string[] {
		return readdirSync(this.directory)
			.filter((file) => file.startsWith(`${what}.`))
			.map((file) => file.slice(what.length + 1));
	}

	async #all(what: string, roles: readonly string[]): Promise<void> {
		await until(`${what} ${roles.join(" ")}`, () => {
			this.#throwIfFailed();
			const marked = new Set(this.#marked(what));
			return existsSync(join(this.directory, "started")) && roles.every((role) => marked.has(role));
		});
	}

	#throwIfFailed(): void {
		const path = join(this.directory, "failed");
		if (existsSync(path)) throw new Error(readFileSync(path, "utf8"));
	}

	/** Nothing is left even if a role hangs: all die with their parent. */
	#kill(): void {
		if (!this.#hasExited) this.#process.kill("SIGKILL");
	}
}
