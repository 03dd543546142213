/**
 * Which network namespaces the passes over TCP read: only there does absence mean anything. Where there are many, a pass
 * reads some of them. Memory: those that somebody lives in.
 */

export class ReadNetworks {
	/** Number of the pass under way. */
	pass = 0;
	/** In which pass each was read last. */
	readonly #readIn = new Map<number, number>();
	readonly #gone = new Set<number>();
	/** Of a source that does not say what it reads: those that passes ever found a socket in. */
	readonly #met = new Set<number>();
	#isSaid = false;

	begin(): void {
		this.pass++;
	}

	/** The pass under way found a socket in it. */
	meet(netns: number): void {
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

	/** The pass under way has read all of its sockets. */
	wasRead(netns: number): boolean {
		return this.#isSaid ? this.#readIn.get(netns) === this.pass : this.#met.has(netns);
	}

	/** Its sockets were not read before: what they moved until now says nothing about this interval. */
	isNew(netns: number): boolean {
		return this.#isSaid && !this.#readIn.has(netns);
	}

	/** A socket that a pass found: whether the last one that read its namespace found it too. */
	isThere(netns: number, pass: number): boolean {
		if (!this.#isSaid) return pass === this.pass;
		const last = this.#readIn.get(netns);
		return last !== undefined && pass >= last;
	}
}
