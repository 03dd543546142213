/** Run by session.test.ts in a separate process: `node --expose-gc misuse.ts CASE`. */

import { readdirSync, readFileSync } from "node:fs";
import { Worker, workerData } from "node:worker_threads";
import { loadAddon } from "../../src/model/feed/addon.ts";
import { named } from "../helpers/wire-read.ts";
import { until } from "../helpers/workload.ts";

const addon = loadAddon();
const open = () => new addon.Session({ source: "bpf" });

/** BPF programs of which this process has an fd. */
function programs(): number[] {
	return readdirSync("/proc/self/fdinfo").flatMap((fd) => {
		try {
			const id = /^prog_id:\s*(\d+)/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, "utf8"))?.[1];
			return id === undefined ? [] : [Number(id)];
		} catch {
			return []; // the fd of the listing itself
		}
	});
}

const cases: Record<string, () => void | Promise<void>> = {
	/** Sessions that are not closed are released with their objects. */
	async garbage() {
		for (let round = 0; round < 5; round++) open().drain();
		await until("the end of their programs", () => {
			globalThis.gc?.();
			return programs().length === 0;
		});
		console.log("released");
	},
	/** One session here, one in a worker that is terminated while it works. */
	async worker() {
		const here = open();
		const worker = new Worker(new URL(import.meta.url), { workerData: "drain", argv: ["none"] });
		const there = await new Promise<number>((resolve) => worker.on("message", resolve));
		await worker.terminate();
		console.log(there > 0 && here.sweep().length > 0);
		here.close();
	},
	/** Prints its programs and waits to be killed. */
	victim() {
		const session = open();
		console.log(JSON.stringify(programs()));
		setInterval(() => session.drain(), 50);
	},
	/** The state of standby probes before, while and after they are wanted, without capabilities. */
	standby() {
		const session = new addon.Session({ source: "bpf", concerns: ["process"], standby: ["disk", "thread"] });
		session.lockDown();
		const states = () => {
			const probes = named(session.sweep(), "wire_probe", "probe");
			return probes.filter(([probe]) => probe.startsWith("disk") || probe === "threads").map(([, { state }]) => state);
		};
		const seen = [states()];
		for (const wanted of [["disk"], ["thread", "disk"], []] as const) {
			session.want(wanted);
			seen.push(states());
		}
		console.log(seen.join(" "));
	},
	none() {},
};

if (workerData === "drain") {
	const { parentPort } = await import("node:worker_threads");
	const session = open();
	setInterval(() => parentPort?.postMessage(session.sweep().length), 5);
} else {
	await cases[process.argv[2] ?? "none"]?.();
}
