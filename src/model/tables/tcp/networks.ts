/**
 * Which network namespaces the passes over TCP read: only there a missing socket is gone. If there are many, a pass
 * reads some of them. Memory: those in which a process lives.
 */

export class ReadNetworks {
	/** Number of the pass in progress. */
	pass = 0;
	/** The pass that last read each. */
	readonly #readIn = new Map<number, number>();
	readonly #gone = new Set<number>();
	/** For a source that does not say what it reads: those in which a pass has ever found a socket. */
	readonly #met = new Set<number>();
	#isSaid = false;

	begin(): void {
		this.pass++;
	}

	/** The pass in progress found a socket in it. */
	noteFound(netns: number): void {
		if (!this.#isSaid) this.#met.add(netns);
	}

	/** A WIRE_NETWORK. */
	apply(netns: number, isGone: boolean): void {
		this.#isSaid = true;
		this.#readIn.set(netns, this.pass);
		if (isGone) this.#gone.add(netns);
	}

	end(): void {
		for (const netns of this.#gone) this.#readIn.delete(netns);
		this.#gone.clear();
	}

	/** The pass in progress has read all of its sockets. */
	wasRead(netns: number): boolean {
		return this.#isSaid ? this.#readIn.get(netns) === this.pass : this.#met.has(netns);
	}

	/** Its sockets were not read before: what they moved until now does not belong to this interval. */
	isNew(netns: number): boolean {
		return this.#isSaid && !this.#readIn.has(netns);
	}

	/** A socket that a pass found. Returns whether the last pass that read its namespace found it too. */
	isThere(netns: number, pass: number): boolean {
		if (!this.#isSaid) return pass === this.pass;
		const last = this.#readIn.get(netns);
		return last !== undefined && pass >= last;
	}
}
