/** A Redis server on a unix socket, its clients, and the number of bytes that they exchange. */

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Daemons } from "./daemons.ts";
import { until } from "./workload.ts";

/** The size of a request: an array of strings, each after its length. */
export function redisBytes(...words: string[]): number {
	const parts = words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`);
	return Buffer.byteLength(`*${words.length}\r\n${parts.join("")}`);
}

/** Arguments of redis-server: only the unix socket, and no files. */
export const redisOptions = (socket: string) => ["--port", "0", "--unixsocket", socket, "--save", ""];

export class RedisServer {
	readonly pid: number;
	readonly socket: string;

	private constructor(pid: number, socket: string) {
		this.pid = pid;
		this.socket = socket;
	}

	static async start(daemons: Daemons, directory: string): Promise<RedisServer> {
		const socket = join(directory, "redis.sock");
		const server = new RedisServer(daemons.start("redis-server", ...redisOptions(socket)), socket);
		await until("the socket of Redis", () => existsSync(socket));
		return server;
	}

	/** Runs a client to its end; returns its pid. */
	client(...words: string[]): number {
		return this.#run(words).pid;
	}

	/** The server's answers. */
	ask(...words: string[]): string {
		return this.#run(words).stdout.trim();
	}

	#run(words: readonly string[]) {
		const outcome = spawnSync("redis-cli", ["-s", this.socket, ...words], { encoding: "utf8" });
		if (outcome.status !== 0) throw new Error(`redis-cli ${words.join(" ")}: ${outcome.stderr}`);
		return outcome;
	}
}
