/** Objects that are a channel by themselves, by their kind. Sockets and terminals need two: see unix.ts, pty.ts. */

import { WireKind } from "../../wire/layout.gen.ts";
import type { KernelObject } from "../object/kernel-object.ts";
import type { Channel } from "./channel.ts";
import type { Channels } from "./channels.ts";
import type { LinkFinder } from "./finder.ts";
import { PipeChannel } from "./pipes.ts";
import { QueueChannel } from "./queue.ts";
import { SharedChannel } from "./shared.ts";

const MAKERS: Partial<Record<number, (object: KernelObject) => Channel>> = {
	[WireKind.PIPE]: (object) => new PipeChannel(object),
	[WireKind.FIFO]: (object) => new PipeChannel(object),
	[WireKind.EVENTFD]: (object) => new QueueChannel("eventfd", object),
	[WireKind.POSIX_MQ]: (object) => new QueueChannel("posix-mq", object),
	[WireKind.SYSV_MSG]: (object) => new QueueChannel("sysv-msg", object),
	[WireKind.SYSV_SEM]: (object) => new SharedChannel("sysv-sem", object),
	[WireKind.SYSV_SHM]: (object) => new SharedChannel("sysv-shm", object),
	[WireKind.POSIX_SEM]: (object) => new SharedChannel("posix-sem", object),
	[WireKind.POSIX_SHM]: (object) => new SharedChannel("posix-shm", object),
	[WireKind.MEMFD]: (object) => new SharedChannel("memfd", object),
};

export class SingleObjects implements LinkFinder {
	readonly #channels: Channels;

	constructor(channels: Channels) {
		this.#channels = channels;
	}

	handles(object: KernelObject): boolean {
		return MAKERS[object.kind] !== undefined;
	}

	announce(object: KernelObject): void {
		const make = MAKERS[object.kind];
		if (make !== undefined && this.#channels.of(object).size === 0) this.#channels.open(make(object), object);
	}
}
