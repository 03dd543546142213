// A program in its own terminal (script(1) makes the pty), to measure the time from a key or a start to what is drawn.
import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { childrenOf } from "../helpers/ground-truth.ts";

const quote = (word: string) => `'${word.replaceAll("'", "'\\''")}'`;

/** Runs `work` with a program in a terminal, and ends the program in any case. */
export async function inTerminal<T>(command: readonly string[], work: (terminal: Terminal) => Promise<T>): Promise<T> {
	const terminal = new Terminal(command);
	try {
		return await work(terminal);
	} finally {
		await terminal.quit();
	}
}

/** A terminal of 200 columns and 60 rows with one program in it. */
export class Terminal {
	private readonly startedAt = performance.now();
	private readonly child;
	private readonly ended: Promise<void>;
	private output = "";
	private outputAt = 0;

	constructor(command: readonly string[]) {
		const shell = `stty cols 200 rows 60; exec ${command.map(quote).join(" ")}`;
		const env = { ...process.env, TERM: "xterm-256color", COLORTERM: "truecolor" };
		for (const name of ["CI", "CONTINUOUS_INTEGRATION"]) delete env[name as keyof typeof env];
		this.child = spawn("script", ["-qfc", shell, "/dev/null"], { env, stdio: ["pipe", "pipe", "inherit"] });
		this.ended = new Promise((resolve) => this.child.once("close", () => resolve()));
		this.child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
			this.output += chunk;
			this.outputAt = performance.now();
		});
	}

	/** Milliseconds from the start until all these texts were drawn. */
	async drawn(...texts: readonly string[]): Promise<number> {
		const deadline = performance.now() + 30_000;
		while (!texts.every((text) => this.output.includes(text))) {
			if (performance.now() > deadline || this.child.exitCode !== null) throw new Error(`${texts} was never drawn`);
			await sleep(1);
		}
		return this.outputAt - this.startedAt;
	}

	/** Presses a key; milliseconds until something was drawn. */
	async press(key: string): Promise<number> {
		const pressedAt = performance.now();
		this.output = "";
		this.child.stdin.write(key);
		while (this.output === "" && performance.now() - pressedAt < 2000) await sleep(0.5);
		return this.outputAt > pressedAt ? this.outputAt - pressedAt : Number.NaN;
	}

	/** The pid of what relays between us and the terminal. */
	get pid(): number {
		return this.child.pid as number;
	}

	/** The program's pid: the shell in the terminal executed it. */
	pidOfProgram(): number {
		const [pid = 0] = childrenOf(this.pid);
		return pid;
	}

	/** Discards the output so far, so that the buffer does not grow. */
	forget(): void {
		this.output = "";
	}

	/** Quits the program as a user does; if that fails, closes its terminal. */
	async quit(): Promise<void> {
		this.child.stdin.write("q");
		const kill = setTimeout(() => this.child.kill("SIGKILL"), 3000);
		await this.ended;
		clearTimeout(kill);
	}
}
