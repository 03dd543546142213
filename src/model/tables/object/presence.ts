/** Whether a process still has an object open or mapped: from records that show it, and passes that do not find it. */

export class Presence {
	/** When a pass found it closed, NaN while it is open. */
	closedNs = Number.NaN;
	/** Closed so long ago that links no longer show it. */
	isGone = false;
	/** It is mapped, with or without a descriptor. */
	isMapped = false;
	/** This source's passes also report mappings and System V objects. */
	isFoundWithoutDescriptor = false;
	/** The last pass that found it, and the times of the last records about it and about its mapping. */
	pass = 0;
	seenNs = 0;
	mappedNs = 0;

	get isOpen(): boolean {
		return Number.isNaN(this.closedNs);
	}

	/** A record shows that it is open. Returns whether it was closed before. */
	open(timeNs: number): boolean {
		this.seenNs = Math.max(this.seenNs, timeNs);
		if (this.isOpen) return false;
		this.closedNs = Number.NaN;
		this.isGone = false;
		return true;
	}

	map(timeNs: number): void {
		this.isMapped = true;
		this.mappedNs = timeNs;
	}
}
