/**
 * TCP links that were dropped before they were shown: for each process one link to "other", with all that it wrote over
 * them. The kernel's counters of a socket are read after its end, so its uses stay members until they are dropped.
 */

import type { IpcKind } from "../../snapshot.ts";
import type { FileCounts } from "../file-counts.ts";
import type { KernelObject } from "../object/kernel-object.ts";
import type { Use } from "../object/use.ts";
import { OTHERS } from "../process/others.ts";
import type { Process } from "../process/process.ts";
import type { ProcessRegistry } from "../process/registry.ts";
import { Channel, type LinkDraft } from "./channel.ts";
import type { Channels } from "./channels.ts";
import type { TcpChannel } from "./tcp.ts";

interface Member {
	readonly use: Use;
	/** What it had counted when its connection began. */
	readonly since: Readonly<FileCounts> | undefined;
}

/** The link of one process to "other". */
class OtherTcpChannel extends Channel {
	readonly kind: IpcKind = "tcp";
	readonly label = "tcp:[other]";
	readonly name = "other";
	readonly process: Process;
	readonly members = new Map<KernelObject, Member>();
	/** Of former members. */
	#messages = 0;
	#bytes = 0;
	#connections = 0;
	#joined = { messages: 0, bytes: 0 };

	constructor(process: Process) {
		super();
		this.process = process;
	}

	/** Adds a connection. `joined`: what the link over it has shown. */
	add(member: Member, joined: { readonly messages: number; readonly bytes: number }): void {
		this.members.set(member.use.object, member);
		this.#connections++;
		this.#joined.messages += joined.messages;
		this.#joined.bytes += joined.bytes;
	}

	override forget(object: KernelObject): void {
		const member = this.members.get(object);
		if (member === undefined) return;
		this.members.delete(object);
		this.#messages += messagesOf(member);
		this.#bytes += bytesOf(member);
	}

	drafts(): LinkDraft[] {
		let messages = this.#messages;
		let bytes = this.#bytes;
		for (const member of this.members.values()) {
			messages += messagesOf(member);
			bytes += bytesOf(member);
		}
		const joined = this.#joined;
		this.#joined = { messages: 0, bytes: 0 };
		const counts = { messages, bytes, others: this.#connections, joined };
		return [{ lane: 0, from: this.process, to: OTHERS, ...counts, basis: "observed" }];
	}
}

const messagesOf = ({ use, since }: Member) => use.writes - (since?.writes ?? 0);
const bytesOf = ({ use, since }: Member) => use.writeBytes - (since?.writeBytes ?? 0);

export class OtherTcpLinks {
	readonly #channels: Channels;
	readonly #byProcess = new Map<Process, OtherTcpChannel>();

	constructor(processes: ProcessRegistry, channels: Channels) {
		this.#channels = channels;
		processes.listen({
			renamed: (process) => {
				const channel = this.#byProcess.get(process);
				if (channel !== undefined) channels.touch(channel);
			},
			evicted: (process) => {
				const channel = this.#byProcess.get(process);
				if (channel === undefined) return;
				this.#byProcess.delete(process);
				channels.close(channel, ...channel.members.keys());
			},
		});
	}

	/** The link over this connection is dropped; what both ends write to it still counts. */
	add(connection: TcpChannel): void {
		for (const { object, since } of connection.ends) {
			if (object === null) continue;
			for (const use of object.uses) {
				const channel = this.#byProcess.get(use.process) ?? new OtherTcpChannel(use.process);
				this.#byProcess.set(use.process, channel);
				channel.add({ use, since: since?.get(use) }, connection.shownFrom(use.process));
				this.#channels.open(channel, object);
			}
		}
	}
}
