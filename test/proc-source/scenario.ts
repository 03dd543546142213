/**
 * Run as a separate program, so that it can run as another user or in a container: starts a workload of two linked
 * processes, observes the machine until it has seen the link, and prints that. Arguments: the workload and its
 * arguments.
 */
import { patienceMs } from "../helpers/circumstances.ts";
import { Workload } from "../helpers/workload.ts";
import { Observer } from "./observer.ts";

const [file = "", ...args] = process.argv.slice(2);
const workload = new Workload(file, args);
await workload.ready();
const roles = workload.marks("ready");
await workload.work(...roles);
const observer = new Observer();
observer.refresh();
const pids = new Set(workload.pids.values());
const untilMs = performance.now() + patienceMs / 4;
// While other tests run, one refresh may lack it; the cause is unknown.
let snapshot = observer.refresh();
while (!snapshot.ipc.some(({ from, to }) => pids.has(from.pid) && pids.has(to.pid)) && performance.now() < untilMs) {
	snapshot = observer.refresh();
}
process.stdout.write(JSON.stringify({ pids: Object.fromEntries(workload.pids), self: process.pid, snapshot }));
observer.close();
await workload.end();
