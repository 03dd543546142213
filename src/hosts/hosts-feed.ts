/** The feed of `--host`: whenever all machines have sent a refresh, a snapshot of all; without those that are late. */

import { deliverAtOnce, type Feed, type FeedInfo, type Sink } from "../model/feed/feed.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { Steps } from "../model/steps.ts";
import type { Host } from "./host.ts";
import { Merger } from "./merge.ts";
import { WatchedHost } from "./watched-host.ts";

/** How often it is looked whether a machine is late. */
const LOOK_MS = 100;
/** So many intervals after the last picture the next one comes, whoever is late. */
const LATEST = 1.5;
/** Silence of so many intervals, and of at least so long, means that a machine is gone. */
const QUIET_INTERVALS = 4;
const LEAST_QUIET_MS = 5000;

const NOTHING = new Uint8Array();

export interface HostsFeedOptions {
	readonly hosts: readonly Host[];
	readonly delaySeconds: number;
	/** Of ebtop here. */
	readonly version: string;
	/** Of ebtop on each machine. */
	readonly words: readonly string[];
	/** Called with a sentence when a machine goes away or comes back. */
	tell(notice: string): void;
}

export class HostsFeed implements Feed {
	readonly info: FeedInfo;
	readonly #hosts: readonly WatchedHost[];
	readonly #options: HostsFeedOptions;
	readonly #merger = new Merger();
	readonly #told = new Map<WatchedHost, string | null>();
	#sink: Sink = () => undefined;
	#looks: NodeJS.Timeout | undefined;
	#lastMs = Number.NEGATIVE_INFINITY;
	#isHeld = false;
	#delaySeconds: number;
	#onBegun: () => void = () => {};

	constructor(options: HostsFeedOptions) {
		this.#options = options;
		this.#delaySeconds = options.delaySeconds;
		const quietMs = (): number => Math.max(LEAST_QUIET_MS, QUIET_INTERVALS * this.#delaySeconds * 1000);
		const onChange = (): void => this.#onChange();
		const { words, version } = options;
		this.#hosts = options.hosts.map(
			(host, number) => new WatchedHost({ host, number, version, words, quietMs, onChange }),
		);
		this.info = { host: options.hosts.map(({ name }) => name).join(", "), kernel: "", machine: "", source: "bpf" };
	}

	/** Reads what this feed delivers. */
	readonly reader = {
		applyInSteps: (): Steps<Snapshot | null> => this.#merger.merge(this.#hosts),
	};

	/** Starts ebtop on all machines. Resolves when each has begun or failed, with why if all have failed. */
	async begin(): Promise<readonly string[] | null> {
		const { promise, resolve } = Promise.withResolvers<void>();
		const looks = setInterval(() => this.#look(), LOOK_MS);
		this.#onBegun = () => {
			if (this.#hosts.every(({ hasBegun }) => hasBegun)) resolve();
		};
		for (const host of this.#hosts) host.start();
		await promise;
		clearInterval(looks);
		this.#onBegun = () => {};
		if (this.#hosts.some(({ isLive }) => isLive)) return null;
		return this.#hosts.map(({ why }) => why ?? "");
	}

	start(sink: Sink): void {
		this.#sink = sink;
		this.#looks = setInterval(() => {
			this.#look();
			this.#publishIfDue();
		}, LOOK_MS);
		this.#tellChanges();
		this.#publish();
	}

	setDelay(seconds: number): void {
		this.#delaySeconds = seconds;
		for (const host of this.#hosts) host.setDelay(seconds);
	}

	want(): void {}

	follow(): void {
		throw new Error("A process can only be followed where it is measured.");
	}

	hold(isHeld: boolean): void {
		this.#isHeld = isHeld;
		for (const host of this.#hosts) host.hold(isHeld);
	}

	stop(): void {
		clearInterval(this.#looks);
		this.#looks = undefined;
		for (const host of this.#hosts) host.stop();
	}

	#look(): void {
		for (const host of this.#hosts) host.look();
	}

	#onChange(): void {
		this.#onBegun();
		if (this.#looks === undefined) return;
		this.#tellChanges();
		this.#publishIfDue();
	}

	#publishIfDue(): void {
		const live = this.#hosts.filter(({ isLive }) => isLive);
		const isWhole = live.length > 0 && live.every(({ hasNew }) => hasNew);
		const isLate = performance.now() - this.#lastMs > LATEST * this.#delaySeconds * 1000;
		if (!this.#isHeld && (isWhole || isLate)) this.#publish();
	}

	#publish(): void {
		this.#lastMs = performance.now();
		deliverAtOnce(this.#sink, NOTHING);
	}

	#tellChanges(): void {
		for (const host of this.#hosts) {
			const before = this.#told.get(host) ?? null;
			this.#told.set(host, host.why);
			if (host.why === before) continue;
			if (host.why !== null) this.#options.tell(host.why);
			else this.#options.tell(`${host.name} is back: what was in between is missing.`);
		}
	}
}
