// `npm run soak [-- --minutes N]`, as root: for half an hour 200 forks, connections and files per second, while the
// program runs on a terminal. Checks its memory, the losses of a session of the same kind, and once a minute the model
// against /proc and ss. Both watch only this process and its descendants, so that other work on the machine does not
// affect the figures. `--record`: see `record.ts`.
import { cpus, release } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { childrenOf, connectionsAt, filesOf } from "../helpers/ground-truth.ts";
import { Workload } from "../helpers/workload.ts";
import { besideProgram, type Running } from "./program.ts";
import { record } from "./record.ts";
import { losersIn, lostIn, overflowIn, Watched } from "./watched.ts";

type Snapshot = ReturnType<Watched["refresh"]>;

const ROLE = "eb-churn";
/** How many attempts model and kernel have to agree in: between reading the two, something may come or go. */
const LOOKS = 20;
const MOST_GROWTH = 0.05;
/**
 * By then all tables are as full as they get under this load (a closed file stays for a minute after its last use), and V8 has
 * collected often enough that its heap has the size that it keeps.
 */
const FULL_MINUTE = 5;
/** The program's history, which grows until it is full, is full before that. */
const HISTORY = "30s";

const portOf = (workload: Workload) => Number(workload.marks("port")[0]);

/** The objects of the workload, according to the kernel and to the model. */
const TRUTHS: Readonly<Record<string, readonly [(workload: Workload) => unknown, typeof processesIn]>> = {
	processes: [(workload) => childrenOf(workload.pid(ROLE)), processesIn],
	connections: [(workload) => connectionsAt(portOf(workload)), connectionsIn],
	files: [(workload) => filesOf(workload.pid(ROLE), workload.directory).sort(), filesIn],
};

function processesIn({ processes }: Snapshot, workload: Workload): unknown {
	const children = processes.filter(({ ppid, exit }) => ppid === workload.pid(ROLE) && exit === null);
	return children.map(({ pid }) => pid).sort((a, b) => a - b);
}

function connectionsIn({ tcp }: Snapshot, workload: Workload): unknown {
	const port = portOf(workload);
	const open = tcp.filter((row) => row.state !== "CLOSE" && [row.localPort, row.remotePort].includes(port));
	return open.map(({ state, localPort, remotePort }) => `${state} ${localPort} ${remotePort}`).sort();
}

/** A file that was closed stays in the list as long as its process lives; deleted ones say so. */
function filesIn({ files }: Snapshot, workload: Workload): unknown {
	const own = files.filter(
		({ pid, path }) => pid === workload.pid(ROLE) && path.startsWith(`${workload.directory}/kept`),
	);
	return own.map(({ path }) => path).sort();
}

/** The differences that all of several successive comparisons found. */
async function drift(session: Watched, workload: Workload): Promise<string[]> {
	const differing: string[] = [];
	for (const [what, [truth, seen]] of Object.entries(TRUTHS)) {
		let [expected, found] = ["", "?"];
		for (let look = 0; look < LOOKS && expected !== found; look++) {
			expected = JSON.stringify(truth(workload));
			found = JSON.stringify(seen(session.refresh(), workload));
			if (expected !== found) await sleep(50);
		}
		if (expected !== found) differing.push(`${what}: ${found} instead of ${expected}`);
	}
	return differing;
}

async function soak(minutes: number, program: Running): Promise<void> {
	const session = new Watched({ pids: [process.pid] });
	session.refresh();
	const workload = new Workload("flood", ["churn"]);
	await workload.ready(ROLE);
	let isFine = true;
	let [whenFullMb, nowMb] = [Number.NaN, 0];
	let lost = 0;
	try {
		for (let minute = 1; minute <= minutes; minute++) {
			nowMb = 0;
			for (let second = 1; second <= 60; second++) {
				await sleep(1000);
				session.refresh();
				// Memory rises between two collections and falls with each, several times in a minute.
				if (second > 30) nowMb += program.memory().nowMb / 30;
			}
			const differing = await drift(session, workload);
			const snapshot = session.refresh();
			lost = lostIn(snapshot);
			if (minute === Math.min(FULL_MINUTE, minutes)) whenFullMb = nowMb;
			isFine &&= differing.length === 0 && lost === 0;
			(globalThis as { gc?: () => void }).gc?.();
			const heapMb = Math.round(process.memoryUsage().heapUsed / 2 ** 20);
			const figures = `the program ${nowMb.toFixed(0)} MB, the model here ${heapMb} MB of heap`;
			const tables = `past full tables: ${overflowIn(snapshot)}`;
			process.stdout.write(
				`minute ${minute}: ${figures}, lost: ${losersIn(snapshot)}, ${tables}, ${differing.join("; ") || "no drift"}\n`,
			);
		}
		const pid = workload.pid(ROLE);
		await workload.work(ROLE);
		session.refresh();
		const [made, seen] = [Number(workload.marks("made")[0]), session.forksOf(pid)];
		const growth = nowMb / whenFullMb - 1;
		isFine &&= seen === made && growth <= MOST_GROWTH;
		const grown = `the program has ${(growth * 100).toFixed(1)} % more memory than after ${FULL_MINUTE} minutes`;
		process.stdout.write(
			`${seen} of ${made} forks seen, ${lost} records lost; ${grown}: ${isFine ? "holds" : "FAILS"}\n`,
		);
		if (!isFine) process.exitCode = 1;
	} finally {
		await workload.end();
		session.close();
	}
}

const { values } = parseArgs({ options: { minutes: { type: "string" }, record: { type: "boolean" } } });
const minutes = Number(values.minutes ?? (values.record ? 120 : 30));
if (!Number.isInteger(minutes) || minutes < 1) throw new Error("--minutes takes a whole number.");
process.stdout.write(`${cpus().length} x ${cpus()[0]?.model}, Linux ${release()}, ${minutes} minutes\n`);
if (values.record) await record(minutes);
else await besideProgram((program) => soak(minutes, program), "--history", HISTORY, "--pid", String(process.pid));
