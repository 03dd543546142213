/**
 * Run as a program of its own, so that it can be another user or live in a container: starts a workload, looks at the
 * machine twice and prints what it saw. Arguments: the workload and its arguments.
 */
import { Workload } from "../helpers/workload.ts";
import { Observer } from "./observer.ts";

const [file = "", ...args] = process.argv.slice(2);
const workload = new Workload(file, args);
await workload.ready();
const roles = workload.marks("ready");
await workload.work(...roles);
const observer = new Observer();
observer.refresh();
const snapshot = observer.refresh();
process.stdout.write(JSON.stringify({ pids: Object.fromEntries(workload.pids), self: process.pid, snapshot }));
observer.close();
await workload.end();
