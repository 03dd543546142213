/** Names that arrive apart from what they name: users, cgroups, containers. */

import { safeText } from "../../safe-text.ts";
import type { Container } from "../../snapshot.ts";
import { BoundedMap } from "../../stats/bounded-map.ts";
import { decodeUtf8 } from "../../utf8.ts";
import { bytesAt, decimalOf, textAt } from "../../wire/fields.ts";
import * as wire from "../../wire/layout.gen.ts";
import type { Process } from "./process.ts";

const NAME_LIMIT = 65_536;

export class Names {
	/** A name came since the last look. */
	isChanged = false;
	readonly #users = new BoundedMap<number, string>(NAME_LIMIT);
	readonly #cgroups = new BoundedMap<string, string>(NAME_LIMIT);
	readonly #containers = new BoundedMap<string, Container>(NAME_LIMIT);

	apply(view: DataView, at: number): void {
		const low = wire.nameIdLow(view, at);
		const id = decimalOf(low, wire.nameIdHigh(view, at));
		const length = wire.nameLen(view, at);
		const kind = wire.nameKind(view, at);
		this.isChanged = true;
		if (kind === wire.WireNameKind.USER) this.#users.set(low, textAt(view, wire.nameTextAt(at), length));
		else if (kind === wire.WireNameKind.CGROUP) this.#cgroups.set(id, textAt(view, wire.nameTextAt(at), length));
		else if (kind === wire.WireNameKind.CONTAINER) {
			this.#containers.set(id, containerOf(bytesAt(view, wire.nameTextAt(at), length)));
		}
	}

	/** Gives the process the names known by now; says whether one of them is new. */
	resolve(process: Process): boolean {
		const user = this.#users.get(process.uid) ?? null;
		const hasCgroup = process.cgroupLow !== 0 || process.cgroupHigh !== 0;
		const id = hasCgroup ? decimalOf(process.cgroupLow, process.cgroupHigh) : "";
		const cgroup = (hasCgroup ? this.#cgroups.get(id) : undefined) ?? null;
		const container = (hasCgroup ? this.#containers.get(id) : undefined) ?? null;
		if (user === process.user && cgroup === process.cgroup && container === process.container) return false;
		process.user = user;
		process.cgroup = cgroup;
		process.container = container;
		return true;
	}
}

/** runtime NUL id NUL name */
function containerOf(bytes: Uint8Array): Container {
	const [runtime = "", id = "", name = ""] = splitAtNul(bytes);
	return { runtime, id, name: name === "" ? null : name };
}

/** The safe texts between the NULs; a NUL at the end closes the last one and begins none. */
export function splitAtNul(bytes: Uint8Array): string[] {
	const texts = decodeUtf8(bytes).split("\0");
	if (texts.at(-1) === "") texts.pop();
	return texts.map(safeText);
}
