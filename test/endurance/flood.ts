// `npm run flood [-- KIND…] [--count N] [--keep] [--narrow]`, as root: a flood of 100,000 processes, opens, signals and connections, each
// into a ring of 4 KB, while the program runs on a terminal. test/kernel/flood.test.ts is a short version. The program's memory is
// drawn in bench-results/, with --keep in test/bench/pictures/. With --narrow the program shows only the process that makes the flood, so
// that what else a busy machine does takes none of its memory.
import { cpus, release } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import * as wire from "../../src/model/wire/layout.gen.ts";
import { drawOverTime, type Moment, savePicture } from "../bench/picture.ts";
import { childrenOf, connectionsAt, filesOf } from "../helpers/ground-truth.ts";
import { Workload } from "../helpers/workload.ts";
import { besideProgram, keysInWords, type Running } from "./program.ts";
import { lostIn, overflowIn, Watched } from "./watched.ts";

const { WireType } = wire;
const TIGHT = { ringBytes: 4096, syscall: 1024 };
/** What was produced: from a ring that is drained often enough to lose nothing. */
const ROOMY = { ringBytes: 256 << 20 };
const ROOMY_DRAIN_MS = 100;
/** The only records that its model gets: a model of the whole flood would take CPU time that the program needs. */
const HEALTH = new Set<number>([WireType.SYSTEM, WireType.PROBE, WireType.MAP, WireType.PASS, WireType.TICK]);
/** Dead processes are shown for five seconds, and V8 returns memory late. */
const IDLE_MS = 90_000;

type Snapshot = ReturnType<Watched["refresh"]>;

interface Kind {
	readonly roles: readonly string[];
	readonly probe: string;
	readonly types: readonly number[];
	/**
	 * Only the workload is watched: a use or a cgroup whose record was lost is sent again, and other processes go on.
	 */
	readonly isNarrow?: boolean;
	/** The objects that still exist, according to the kernel and to the model. */
	truth?(workload: Workload): readonly unknown[];
	seen?(snapshot: Snapshot, workload: Workload): readonly unknown[];
}

const portOf = (workload: Workload) => Number(workload.marks("port")[0]);

const KINDS: Readonly<Record<string, Kind>> = {
	processes: {
		roles: ["eb-flood"],
		probe: "fork",
		types: [WireType.FORK],
		isNarrow: true,
		truth: (workload) => childrenOf(workload.pid("eb-flood")),
		seen: ({ processes }, workload) =>
			processes
				.filter(({ ppid, exit }) => ppid === workload.pid("eb-flood") && exit === null)
				.map(({ pid }) => pid)
				.sort((a, b) => a - b),
	},
	opens: {
		roles: ["eb-flood"],
		probe: "file",
		types: [WireType.OBJECT],
		isNarrow: true,
		truth: (workload) => filesOf(workload.pid("eb-flood"), workload.directory).sort(),
		seen: ({ files }, workload) => {
			const held = filesOf(workload.pid("eb-flood"), workload.directory);
			return [...new Set(files.map(({ path }) => path))].filter((path) => held.includes(path)).sort();
		},
	},
	signals: { roles: ["eb-flood", "eb-target"], probe: "signal", types: [WireType.SIGNAL] },
	connections: {
		roles: ["eb-flood", "eb-server"],
		probe: "tcp",
		types: [WireType.TCP],
		truth: (workload) => connectionsAt(portOf(workload)),
		seen: ({ tcp }, workload) =>
			tcp
				.filter((row) => row.state !== "CLOSE" && [row.localPort, row.remotePort].includes(portOf(workload)))
				.map(({ state, localPort, remotePort }) => `${state} ${localPort} ${remotePort}`)
				.sort(),
	},
};

function say(isTrue: boolean, text: string): void {
	if (!isTrue) process.exitCode = 1;
	process.stdout.write(`  ${isTrue ? "holds" : "FAILS"}  ${text}\n`);
}

const number = (value: number) => value.toLocaleString("en");

/** A session with a small ring and one with a large ring over the same flood: the latter measures what was produced. */
async function run(name: string, kind: Kind, count: number, workload: Workload, program: Running): Promise<void> {
	const narrow = kind.isNarrow ? { pids: kind.roles.map((role) => workload.pid(role)) } : {};
	// Both have the same number of slots, since what has no slot sends no record.
	const room = { io: 4 * count };
	const tight = new Watched({ ...narrow, capacity: { ...TIGHT, ...room } });
	const roomy = new Watched({ ...narrow, capacity: { ...ROOMY, ...room } }, ROOMY_DRAIN_MS, HEALTH);
	const of = (session: Watched) => kind.types.reduce((sum, type) => sum + session.count(type), 0);
	const drained = (session: Watched) => {
		session.drain();
		return of(session);
	};
	try {
		const missedBefore = lostIn(roomy.refresh(), kind.probe);
		const producedBefore = drained(roomy);
		const before = tight.refresh();
		const receivedBefore = of(tight);
		const producedAtStart = drained(roomy);
		program.beginKeys();
		const startedMs = performance.now();
		await workload.work(...kind.roles);
		const seconds = (performance.now() - startedMs) / 1000;
		const keys = await program.endKeys();
		const producedAtEnd = drained(roomy);
		const received = drained(tight) - receivedBefore;
		const after = tight.refresh();
		const producedAfter = drained(roomy);
		const missed = lostIn(roomy.refresh(), kind.probe) - missedBefore;
		const lost = lostIn(after, kind.probe) - lostIn(before, kind.probe);

		const [least, most] = [producedAtEnd - producedAtStart + missed, producedAfter - producedBefore + missed];
		const accounted = received + lost;
		const sum = `${number(received)} received + ${number(lost)} lost = ${number(accounted)}`;
		process.stdout.write(`${name}: ${number(count)} in ${seconds.toFixed(1)} s, ${keysInWords(keys)}\n`);
		say(accounted >= least && accounted <= most && accounted >= count, `${sum}, produced ${number(least)}`);
		const told = after.health.records.lost === lostIn(after);
		say(told, `the header says ${number(after.health.records.lost)} lost; past full tables: ${overflowIn(after)}`);
		tight.refresh();
		const later = tight.refresh();
		if (kind.truth && kind.seen) {
			const [truth, seen] = [kind.truth(workload), kind.seen(later, workload)];
			say(
				String(truth) === String(seen),
				`after two refreshes ${seen.length} of ${truth.length} that stayed, no other`,
			);
		}
	} finally {
		tight.close();
		roomy.close();
	}
}

/** Returns the program's memory, each second from before the flood on. */
async function flood(name: string, kind: Kind, count: number, program: Running): Promise<Moment[]> {
	const workload = new Workload("flood", [name], { COUNT: String(count) });
	const before = program.memory();
	const beganMs = performance.now();
	const moments: Moment[] = [];
	const note = () => moments.push({ seconds: (performance.now() - beganMs) / 1000, mb: program.memory().nowMb });
	const beat = setInterval(note, 1000);
	note();
	try {
		await workload.ready(...kind.roles);
		await run(name, kind, count, workload, program);
		await sleep(IDLE_MS);
		const { nowMb, mostMb } = program.memory();
		process.stdout.write(
			`         the program had ${before.nowMb} MB, at most ${mostMb}, ${IDLE_MS / 1000} s later ${nowMb}\n`,
		);
		return moments;
	} finally {
		clearInterval(beat);
		await workload.end();
	}
}

const { values, positionals } = parseArgs({
	allowPositionals: true,
	options: { count: { type: "string" }, keep: { type: "boolean" }, narrow: { type: "boolean" } },
});
const wanted = positionals.length > 0 ? positionals : Object.keys(KINDS);
const count = Number(values.count ?? 100_000);
const narrow = values.narrow ? ["--comm", "eb-flood"] : [];
process.stdout.write(`${cpus().length} x ${cpus()[0]?.model}, Linux ${release()}\n`);
for (const name of wanted) {
	const kind = KINDS[name];
	if (kind === undefined) throw new Error(`There is no flood of "${name}"; there are ${Object.keys(KINDS).join(" ")}.`);
	const moments = await besideProgram((program) => flood(name, kind, count, program), ...narrow);
	savePicture(`flood-${name}`, drawOverTime(`${number(count)} ${name}`, moments));
}
