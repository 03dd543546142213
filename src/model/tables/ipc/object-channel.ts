/** What channels over one object have in common: its key, its name and its owner. */

import type { IpcKind, ObjectOwner } from "../../snapshot.ts";
import type { KernelObject } from "../object/kernel-object.ts";
import { Channel } from "./channel.ts";
import { objectLabel, objectName } from "./object-name.ts";

export abstract class ObjectChannel extends Channel {
	readonly kind: IpcKind;
	readonly object: KernelObject;

	constructor(kind: IpcKind, object: KernelObject) {
		super();
		this.kind = kind;
		this.object = object;
	}

	get label(): string {
		return objectLabel(this.kind, this.object);
	}

	get name(): string | null {
		return objectName(this.kind, this.object);
	}

	override get owner(): ObjectOwner | null {
		return this.object.owner;
	}
}
