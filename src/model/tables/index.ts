/** The registry of tables: one per concern. A new concern is a file next to this one and its lines here. */

import type { FeedInfo } from "../feed/feed.ts";
import { HealthTable } from "../health.ts";
import type { Limits } from "../limits.ts";
import { openFlags } from "../names/open-flags.ts";
import { syscallNames } from "../names/syscalls.ts";
import type { ModelObserver } from "../observer.ts";
import type { Snapshot, TableName } from "../snapshot.ts";
import type { Steps } from "../steps.ts";
import type { Decoder } from "../wire/decode.ts";
import * as wire from "../wire/layout.gen.ts";
import { Bounds } from "./bounds.ts";
import { listenToCalls } from "./call-events/index.ts";
import { ContainerTable } from "./containers.ts";
import { type CgroupPath, DiskTable } from "./disk.ts";
import { listenToRequests } from "./disk-requests.ts";
import { EventTable } from "./event.ts";
import { FileTable } from "./file.ts";
import { IpcTable } from "./ipc/index.ts";
import { LoopbackLinks } from "./ipc/loopback.ts";
import { ObjectTable } from "./object/index.ts";
import { ProcessTable } from "./process/index.ts";
import type { LiveContainer } from "./process/names.ts";
import { ProcessRegistry } from "./process/registry.ts";
import { SampleTable } from "./sample.ts";
import { listenToScheduler } from "./sched.ts";
import { listenToSpills } from "./spill.ts";
import { readStep } from "./step.ts";
import { SyscallTable } from "./syscall.ts";
import { SystemTable } from "./system.ts";
import { TcpTable } from "./tcp/index.ts";
import { ThreadTable } from "./threads.ts";
import type { Tick } from "./tick.ts";

type Tables = Pick<Snapshot, TableName | "ancestors" | "system" | "health" | "follow">;

export class TableSet {
	readonly #bounds: Bounds;
	readonly #registry: ProcessRegistry;
	readonly #events: EventTable;
	readonly #processes: ProcessTable;
	readonly #syscalls: SyscallTable;
	readonly #samples: SampleTable;
	readonly #objects: ObjectTable;
	readonly #files: FileTable;
	readonly #ipc: IpcTable;
	readonly #tcp: TcpTable;
	readonly #disks: DiskTable;
	readonly #threads: ThreadTable;
	readonly #containers: ContainerTable;
	readonly #system: SystemTable;
	readonly #health: HealthTable;
	readonly #observer: ModelObserver | null;

	constructor(
		decoder: Decoder,
		{ machine, source, events }: Pick<FeedInfo, "machine" | "source" | "events">,
		limits: Limits,
		observer: ModelObserver | null,
	) {
		this.#bounds = new Bounds(limits);
		this.#registry = new ProcessRegistry(this.#bounds);
		this.#events = new EventTable(this.#bounds, events ?? null, observer);
		this.#containers = new ContainerTable(this.#events);
		this.#processes = new ProcessTable(decoder, this.#registry, this.#events, this.#bounds);
		this.#syscalls = new SyscallTable(decoder, this.#registry, syscallNames(machine), this.#bounds);
		this.#samples = new SampleTable(decoder, this.#registry, syscallNames(machine));
		this.#objects = new ObjectTable(decoder, this.#registry, this.#bounds);
		this.#files = new FileTable(this.#registry, this.#objects, this.#bounds, openFlags(machine));
		listenToSpills(decoder, {
			processes: this.#registry,
			syscalls: this.#syscalls,
			files: source === "bpf" ? this.#files : null,
		});
		this.#ipc = new IpcTable(decoder, this.#registry, this.#objects, this.#events, this.#bounds);
		this.#tcp = new TcpTable(
			decoder,
			this.#registry,
			this.#objects,
			new LoopbackLinks(this.#registry, this.#ipc.channels),
			this.#events,
			this.#bounds,
		);
		const cgroupPath: CgroupPath = (low, high) => this.#processes.cgroupPath(low, high);
		this.#disks = new DiskTable(decoder, this.#registry, cgroupPath, this.#bounds);
		listenToRequests(decoder, this.#registry, this.#events, cgroupPath);
		this.#threads = new ThreadTable(decoder, this.#registry, this.#objects, syscallNames(machine), (object) =>
			this.#ipc.linksOf(object),
		);
		listenToScheduler(decoder, this.#registry);
		this.#system = new SystemTable(decoder);
		this.#health = new HealthTable(decoder, this.#events);
		listenToCalls(decoder, this.#registry, this.#events, { machine, bounds: this.#bounds });
		decoder.onInSteps(wire.WireType.PASS, (view, at) => this.#applyPass(view, at));
		decoder.on(wire.WireType.STEP, (view, at) => {
			const process = observer === null ? null : this.#registry.ofRecord(view, at);
			if (process !== null) observer?.stepped(readStep(view, at, process));
		});
		this.#observer = observer;
		observer?.begin({ processes: this.#registry, objects: this.#objects, channels: this.#ipc.channels });
	}

	/** The order matters: evictions first, events last, since every table may add some. */
	*tick(tick: Tick): Steps<Tables> {
		yield* this.#processes.evict(tick);
		yield* this.#objects.evict(tick);
		yield* this.#tcp.evict(tick);
		const { system, self } = this.#system.tick(tick, this.#syscalls.calls);
		const syscalls = yield* this.#syscallRows(tick);
		const processes = yield* this.#processes.tick(tick, {
			calls: system.syscallRate !== null,
			disks: this.#health.isOn("disk"),
			sched: this.#health.isOn("sched"),
			refusals: this.#health.isOn("seccomp"),
		});
		const ipc = yield* this.#ipc.tick(tick);
		const files = yield* this.#files.tick(tick);
		const tcp = yield* this.#tcp.tick(tick);
		const tables = {
			system,
			syscalls,
			processes,
			ancestors: this.#processes.ancestors(),
			ipc,
			files,
			tcp,
			disks: this.#disks.tick(tick),
			threads: yield* this.#threads.tick(tick),
			containers: this.#containers.tick(processes, tcp, tick),
			health: this.#health.tick(tick, self, this.#bounds.health()),
			events: this.#events.tick(tick),
		};
		const follow = this.#observer?.ticked(tables, tick) ?? [];
		return follow.length === 0 ? tables : { ...tables, follow };
	}

	liveContainers(): readonly LiveContainer[] {
		return this.#processes.liveContainers();
	}

	*#syscallRows(tick: Tick): Steps<Tables["syscalls"]> {
		const counted = yield* this.#syscalls.tick(tick);
		const sampled = this.#samples.tick();
		if (counted.length === 0 || sampled.length === 0) return sampled.length > 0 ? sampled : counted;
		return [...counted, ...sampled];
	}

	*#applyPass(view: DataView, at: number): Steps {
		const kind = wire.passKind(view, at);
		const isEnd = wire.passIsEnd(view, at) !== 0;
		const timeNs = wire.headTime(view, at);
		const { PROCESSES, OBJECTS, TCP, MAPPINGS } = wire.WirePassKind;
		if (kind === PROCESSES) yield* this.#processes.applyPass(isEnd, timeNs);
		else if (kind === OBJECTS) yield* this.#objects.applyPass(isEnd, timeNs, this.#registry.ofRecord(view, at));
		else if (kind === MAPPINGS) yield* this.#objects.applyMappings(isEnd, timeNs);
		else if (kind === TCP) yield* this.#tcp.applyPass(isEnd, timeNs);
	}
}
