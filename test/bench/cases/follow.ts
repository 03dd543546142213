// How much of what daemons do for a command is found (recall), and how much of what is reported is true (precision),
// compared with simpler rules on the same steps. The ground truth is in the files' names
// (test/kernel/workloads/follow-servers.c).
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { isThere } from "../../helpers/daemons.ts";
import { BUS_SERVERS, FollowServer, GO_SERVERS, SERVERS, type ServerKind } from "../../helpers/follow-servers.ts";
import type { Case, Result } from "../result.ts";

const PROGRAM = fileURLToPath(new URL("../follow-events.ts", import.meta.url));
const CLIENTS = (process.env.EBTOP_BENCH_CLIENTS ?? "1,2,8,64").split(",").map(Number);
const ALL: readonly ServerKind[] = [
	...SERVERS,
	...(isThere("go") ? GO_SERVERS : []),
	...(isThere("dbus-daemon") ? BUS_SERVERS : []),
];
const KINDS = ALL.filter((kind) => (process.env.EBTOP_BENCH_SERVERS ?? kind).split(",").includes(kind));
const REQUESTS = 53;
const WORKERS = 4;
/**
 * Jobs are handed over in memory only, or announced by a signal that may interrupt other work: how much must be found,
 * certain or likely. With "stages", half of the work leaves no trace at all, and "together" and "held" work for several at once.
 */
const HARD: Partial<Record<ServerKind, number>> = {
	poolback: 60,
	shmq: 60,
	signalled: 60,
	stages: 50,
	together: 0,
	held: 0,
	dbus: 95,
	activated: 95,
};
const CERTAIN_AT_LEAST = 99;
const RECALL_AT_LEAST = 98;

interface Score {
	readonly right: number;
	readonly said: number;
	readonly all: number;
}

/** Files that this rule attributes to the command, where no rule of the chain is weaker, in all runs, and with which servers. */
const ofRules: Record<string, { right: number; said: number; on: Set<ServerKind> }> = {};

async function scores(kind: ServerKind, clients: number): Promise<Record<string, Score>> {
	// A worker of a prefork server serves one client until that one ends.
	const server = await new FollowServer(kind, kind === "prefork" ? clients + WORKERS : WORKERS).ready();
	try {
		server.crowd(clients - 1);
		const words = [PROGRAM, ...server.client("mine", REQUESTS)];
		const { stdout } = await promisify(execFile)(process.execPath, words, { maxBuffer: 1 << 26 });
		const { said, byRule, lost } = JSON.parse(stdout) as {
			said: Record<string, string[]>;
			byRule: Record<string, string[]>;
			lost: number;
		};
		for (const [rule, paths] of Object.entries(byRule)) {
			const known = paths.map((path) => server.isMine(path)).filter((isMine) => isMine !== null);
			if (known.length === 0) continue;
			const sum = ofRules[rule] ?? { right: 0, said: 0, on: new Set() };
			ofRules[rule] = sum;
			sum.right += known.filter(Boolean).length;
			sum.said += known.length;
			sum.on.add(kind);
		}
		if (lost > 0) process.stderr.write(`${kind}, ${clients} clients: ${lost} records lost\n`);
		const all = server.mine;
		return Object.fromEntries(
			Object.entries(said).map(([rule, paths]) => {
				const known = paths.map((path) => server.isMine(path)).filter((isMine) => isMine !== null);
				return [rule, { right: known.filter(Boolean).length, said: known.length, all }];
			}),
		);
	} finally {
		server.close();
	}
}

const percent = (part: number, whole: number) => (whole === 0 ? 100 : (100 * part) / whole);

function resultsOf(kind: ServerKind, clients: number, found: Record<string, Score>): Result[] {
	const where = `${kind}, ${clients} clients`;
	const score = (rule: string): Score => found[rule] ?? { right: 0, said: 0, all: 0 };
	const certain = score("certain");
	const likely = score("certain and likely");
	const thread = score("same thread");
	const against = "same thread";
	const none = { unit: "%", atMostRatio: null, raw: found };
	const bound = HARD[kind];
	const isHard = bound !== undefined;
	return [
		{
			what: `${where}: of what is certain, right`,
			ours: percent(certain.right, certain.said),
			against,
			theirs: percent(thread.right, thread.said),
			...none,
			atLeast: CERTAIN_AT_LEAST,
		},
		{
			what: `${where}: found, ${isHard ? "certain or likely" : "certain"}`,
			ours: isHard ? percent(likely.right, likely.all) : percent(certain.right, certain.all),
			against,
			theirs: percent(thread.right, thread.all),
			...none,
			atLeast: bound ?? RECALL_AT_LEAST,
		},
	];
}

export const follow: Case = {
	name: "follow",
	async run() {
		const results: Result[] = [];
		for (const kind of KINDS) {
			for (const clients of CLIENTS) {
				const found = await scores(kind, clients);
				process.stderr.write(`${kind}, ${clients} clients: ${JSON.stringify(found)}\n`);
				results.push(...resultsOf(kind, clients, found));
			}
		}
		for (const [rule, { right, said, on }] of Object.entries(ofRules))
			process.stderr.write(`by rule: ${rule} ${right} of ${said} right, ${[...on].join(" ")}\n`);
		return results;
	},
};
