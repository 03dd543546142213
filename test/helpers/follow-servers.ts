/**
 * Follows one client of a server that serves others at the same time (test/kernel/workloads/follow-servers.c), and
 * scores the receipt by the names of the files: each file made for a request is named after it.
 */

import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Receipt } from "../../src/follow/receipt.ts";
import type { Class } from "../../src/follow/rules.ts";
import { startEbtop } from "./run-ebtop.ts";
import { compileGo, compileWorkload, until } from "./workload.ts";

export const SERVERS = [
	...["tpc", "prefork", "fork", "loop", "pool", "poolread", "pipeq", "deferred", "mux", "shim", "proxy"],
	...[
		"relay",
		"pipelined",
		"goroutine",
		"handover",
		"oneshot",
		"pieces",
		"together",
		"held",
		"stages",
		"signalled",
		"poolback",
		"shmq",
	],
] as const;
/** These need dbus-daemon. */
export const BUS_SERVERS = ["dbus", "activated"] as const;
/** These need the Go compiler; the benchmark runs them where there is one. */
export const GO_SERVERS = ["go", "gopool"] as const;
export type ServerKind = (typeof SERVERS | typeof BUS_SERVERS | typeof GO_SERVERS)[number];

/** One class of the receipt, or what is in none. */
export interface Share {
	readonly right: number;
	readonly wrong: number;
}

export interface Score {
	/** Files made for the followed client, and their bytes. */
	readonly files: number;
	readonly bytes: number;
	readonly classes: Readonly<Record<Class, Share>>;
	/** Those of `bytes` that the receipt lists as certain or likely. */
	readonly bytesFound: number;
	readonly receipt: Receipt;
}

const MINE = "mine";
const WORKERS = 16;

/**
 * Connections of a client: one for all requests, one for each, one for each that stays open to the end, or one for all
 * with several requests at once; or none, but signals; or one to a bus.
 */
export type Connections = "one" | "each" | "kept" | "pipelined" | "pieces" | "signals" | "bus" | "activating";

/** A server that forks for each connection serves other clients only if they connect again. */
const CONNECTIONS: Partial<Record<ServerKind, Connections>> = {
	fork: "each",
	pipelined: "pipelined",
	pieces: "pieces",
	signalled: "signals",
	dbus: "bus",
	activated: "activating",
};

export class FollowServer {
	readonly folder = mkdtempSync(join(tmpdir(), "eb-follow-"));
	readonly #program = compileWorkload("follow-servers");
	readonly #children: ChildProcess[] = [];
	readonly #connections: Connections;

	constructor(kind: ServerKind, workers = WORKERS, connections = CONNECTIONS[kind] ?? "one") {
		this.#connections = connections;
		const isGo = GO_SERVERS.some((each) => each === kind);
		this.#run(isGo ? compileGo("follow-go") : this.#program, kind, this.folder, String(workers));
	}

	async ready(): Promise<this> {
		await until("the server", () => existsSync(join(this.folder, "ready")));
		return this;
	}

	get pid(): number {
		return this.#children[0]?.pid ?? 0;
	}

	/** Clients that run until the server is closed. */
	crowd(count: number): void {
		for (let index = 0; index < count; index++) this.#start(...this.client(`other${index}`, 1_000_000).slice(1));
	}

	/** The command line of a client. */
	client(prefix: string, requests: number, connections = this.#connections): string[] {
		return [this.#program, "client", this.folder, prefix, String(requests), connections];
	}

	/** Who made which file: the names in the folder. */
	isMine(path: string): boolean | null {
		const name = path.startsWith(`${this.folder}/`) ? path.slice(this.folder.length + 1) : null;
		return name === null || name.includes("/") ? null : isMine(name);
	}

	/** The sizes of the files that were made for the client `prefix`. */
	sizes(prefix: string): number[] {
		const names = readdirSync(this.folder).filter((name) => name.startsWith(`${prefix}.`));
		return names.map((name) => statSync(join(this.folder, name)).size);
	}

	get mine(): number {
		return readdirSync(this.folder).filter(isMine).length;
	}

	/** Follows a client of `requests` requests. */
	async follow(requests: number): Promise<Score> {
		const [score] = await followTogether([this], requests);
		if (score === undefined) throw new Error("nothing was followed");
		return score;
	}

	close(): void {
		for (const child of this.#children) {
			try {
				if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
			} catch {
				// It has ended.
			}
		}
		rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
	}

	#start(...words: string[]): void {
		this.#run(this.#program, ...words);
	}

	#run(program: string, ...words: string[]): void {
		this.#children.push(spawn(program, words, { detached: true, stdio: "ignore" }));
	}
}

/** Follows a client of each server in one session: they are children of one command. */
export async function followTogether(servers: readonly FollowServer[], requests: number): Promise<Score[]> {
	const [first] = servers;
	if (first === undefined) return [];
	const file = join(first.folder, "receipt");
	const clients = servers.map((server) => server.client(MINE, requests));
	const [only = []] = clients;
	const inShell = ["sh", "-c", `${clients.map((words) => `${words.join(" ")} &`).join(" ")} wait`];
	const command = clients.length > 1 ? inShell : only;
	const { status, stderr } = await startEbtop(["follow", "--receipt", file, "--linger", "0", "--", ...command]).ended;
	for (const { folder } of servers) {
		const failed = join(folder, "failed");
		if (existsSync(failed)) throw new Error(readFileSync(failed, "utf8"));
	}
	if (status !== 0) throw new Error(`status ${status}: ${stderr}`);
	const receipt: Receipt = JSON.parse(readFileSync(file, "utf8"));
	return servers.map(({ folder }) => scoreOf(receipt, folder));
}

function scoreOf(receipt: Receipt, folder: string): Score {
	const mine = readdirSync(folder).filter(isMine);
	const sizes = new Map(mine.map((name) => [name, statSync(join(folder, name)).size]));
	const named = (path: string) => {
		const name = path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : null;
		return name?.includes("/") ? null : name;
	};
	const classes: Record<Class, { right: number; wrong: number }> = {
		certain: { right: 0, wrong: 0 },
		likely: { right: 0, wrong: 0 },
		guess: { right: 0, wrong: 0 },
	};
	let bytesFound = 0;
	const made = receipt.files.filter(({ created }) => created);
	for (const { path, class: sure, writeBytes } of made) {
		const name = named(path);
		if (name === null) continue;
		classes[sure][sizes.has(name) ? "right" : "wrong"]++;
		bytesFound += Math.min(writeBytes, sizes.get(name) ?? 0);
	}
	for (const { kind, name: path } of receipt.notSure) {
		const name = kind === "file" ? named(path) : null;
		if (name !== null) classes.guess[sizes.has(name) ? "right" : "wrong"]++;
	}
	const bytes = [...sizes.values()].reduce((sum, size) => sum + size, 0);
	return { files: mine.length, bytes, classes, bytesFound, receipt };
}

function isMine(name: string): boolean {
	return name.startsWith(`${MINE}.`);
}
