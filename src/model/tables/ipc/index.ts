/**
 * Links between processes. Finders open channels when objects are announced; each channel knows its links, and only
 * changed channels are asked again. Memory: channels exist as long as their objects.
 */

import type { IpcRow } from "../../snapshot.ts";
import { perSecond } from "../../stats/rate.ts";
import { RowList } from "../../stats/row-list.ts";
import { forEachInSteps, type Steps } from "../../steps.ts";
import type { Decoder } from "../../wire/decode.ts";
import type { Bounds } from "../bounds.ts";
import type { EventTable } from "../event.ts";
import type { ObjectTable } from "../object/index.ts";
import type { KernelObject } from "../object/kernel-object.ts";
import type { Process } from "../process/process.ts";
import type { ProcessRegistry } from "../process/registry.ts";
import type { Tick } from "../tick.ts";
import { type Channel, Link, type LinkDraft } from "./channel.ts";
import { Channels } from "./channels.ts";
import { CountedLinks } from "./counted.ts";
import type { LinkFinder } from "./finder.ts";
import { Handovers } from "./handovers.ts";
import { isPipe } from "./pipes.ts";
import { Terminals } from "./pty.ts";
import { listenToSignals } from "./signals.ts";
import { SingleObjects } from "./single.ts";
import { UdpSockets } from "./udp.ts";
import { UnixSockets } from "./unix.ts";

export class IpcTable {
	/** For links that are found by other means than objects. */
	readonly channels = new Channels();
	readonly #rows = new RowList<IpcRow>();
	readonly #finders: readonly LinkFinder[];
	readonly #handovers: Handovers;
	#refresh = 0;

	constructor(decoder: Decoder, processes: ProcessRegistry, objects: ObjectTable, events: EventTable, bounds: Bounds) {
		const { channels } = this;
		const unix = new UnixSockets(channels);
		const singles = new SingleObjects(channels);
		this.#finders = [unix, new UdpSockets(channels), new Terminals(channels), singles];
		const counted = new CountedLinks(processes, channels, bounds);
		listenToSignals(decoder, processes, counted, events);
		this.#handovers = new Handovers(decoder, processes, counted, { sockets: unix, events, bounds });
		const touch = ({ object }: { object: KernelObject }) => channels.touchAllOf(object);
		objects.listen({
			announced: ({ object }, view, at) => {
				this.#finderOf(object)?.announce(object, view, at);
				channels.touchAllOf(object);
			},
			moved: ({ object }) => {
				// Its announcement was lost, but a pipe is recognized by its mode.
				if (isPipe(object)) singles.announce(object);
				channels.touchAllOf(object);
			},
			changed: touch,
			dropped: touch,
			forgotten: (object) => {
				this.#finderOf(object)?.forget?.(object);
				channels.closeAllOf(object);
			},
			isShown: (object) => channels.areShown(object),
		});
		const touchAll = (process: Process) => {
			for (const object of process.uses.keys()) channels.touchAllOf(object);
		};
		processes.listen({ renamed: touchAll, exited: touchAll });
	}

	*tick(tick: Tick): Steps<readonly IpcRow[]> {
		this.#refresh++;
		this.#handovers.settle(tick.nowNs);
		yield* forEachInSteps(this.channels.take(), (channel) => this.#update(channel, tick));
		return this.#rows.publish();
	}

	/** The rows of all links over this object. */
	linksOf(object: KernelObject): IpcRow[] {
		const links = [...this.channels.of(object)].flatMap((channel) => [...channel.links.values()]);
		return links.flatMap((link) => this.#rows.rowOf(link) ?? []);
	}

	#finderOf(object: KernelObject): LinkFinder | undefined {
		return this.#finders.find((finder) => finder.handles(object));
	}

	#update(channel: Channel, tick: Tick): void {
		const drafts = channel.isClosed ? [] : channel.drafts();
		for (const draft of drafts) {
			const key = `${draft.lane}:${draft.from.serial}>${draft.to.serial}`;
			let link = channel.links.get(key);
			if (link === undefined) {
				link = new Link(draft);
				channel.links.set(key, link);
			}
			link.refresh = this.#refresh;
			const row = this.#put(channel, link, draft, tick);
			if (row.rate > 0) this.channels.touch(channel);
		}
		for (const [key, link] of channel.links) {
			if (link.refresh === this.#refresh) continue;
			this.#rows.remove(link);
			channel.links.delete(key);
		}
	}

	#put(channel: Channel, link: Link, draft: LinkDraft, tick: Tick): IpcRow {
		const messages = draft.messages - link.messagesBefore - (draft.joined?.messages ?? 0);
		const bytes = draft.bytes - link.bytesBefore - (draft.joined?.bytes ?? 0);
		// A recomputed share may have become smaller: nothing moved on that link.
		if (messages > 0 || bytes > 0) link.lastSeen = tick.time;
		const row: IpcRow = {
			kind: channel.kind,
			channel: channel.label,
			name: channel.name,
			from: draft.from.ref,
			to: draft.to.ref,
			messages: draft.messages,
			bytes: draft.bytes,
			rate: perSecond(channel.countsMessages ? messages : bytes, tick.seconds),
			basis: draft.basis,
			lastSeen: link.lastSeen,
			...(channel.owner === null ? {} : { owner: channel.owner }),
			...(draft.others ? { others: draft.others } : {}),
		};
		link.messagesBefore = draft.messages;
		link.bytesBefore = draft.bytes;
		const known = this.#rows.rowOf(link);
		if (known !== undefined && isSameRow(known, row)) return known;
		this.#rows.put(link, row);
		return row;
	}
}

function isSameRow(a: IpcRow, b: IpcRow): boolean {
	const isSameChannel = a.channel === b.channel && a.name === b.name && a.kind === b.kind;
	const isSameTraffic = a.messages === b.messages && a.bytes === b.bytes && a.rate === b.rate;
	const isSameEnds = a.from === b.from && a.to === b.to && a.owner === b.owner;
	return isSameChannel && isSameTraffic && a.basis === b.basis && isSameEnds && a.others === b.others;
}
