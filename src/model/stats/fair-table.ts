/**
 * Bounds a table, and chooses the item to evict when it is full: of the user with the most items, the process with the
 * most, and of that process the item idle the longest. So no user can hide what others do by filling the table. The
 * table's owner keeps the items themselves.
 */

import { Queue } from "./queue.ts";
import { Tally } from "./tally.ts";

interface Share<Item> {
	user: number;
	count: number;
	/** Items that may be evicted, those idle the longest first. */
	readonly idle: Queue<Item>;
}

export interface FairTableOptions<Holder, Item> {
	readonly limit: number;
	/** The user against whose share a holder (mostly a process) counts. */
	userOf(holder: Holder): number;
	/** Removes the item from everything, this table included. */
	evict(item: Item): void;
}

export class FairTable<Holder, Item> {
	used = 0;
	/** Items that were refused or evicted. */
	overflow = 0;
	readonly limit: number;
	readonly #options: FairTableOptions<Holder, Item>;
	readonly #shares = new Map<Holder, Share<Item>>();
	readonly #users = new Tally<number>();
	readonly #holders = new Map<number, Tally<Holder>>();

	constructor(options: FairTableOptions<Holder, Item>) {
		this.limit = options.limit;
		this.#options = options;
	}

	/**
	 * Whether there is room for one more item of `holder`; evicts one if necessary. An idle item never replaces another
	 * of the same holder.
	 */
	admit(holder: Holder, isIdle: boolean): boolean {
		if (this.used < this.limit) return true;
		this.overflow++;
		const yielding = this.#yielding(holder);
		if (yielding === holder && isIdle) return false;
		const item = this.#idlest(yielding) ?? (isIdle ? undefined : this.#idlest(holder));
		if (item === undefined) return false;
		this.#options.evict(item);
		return true;
	}

	add(holder: Holder, item: Item, isIdle: boolean): void {
		const share = this.#shareOf(holder);
		if (isIdle) share.idle.add(item);
		this.#count(holder, share, 1);
	}

	remove(holder: Holder, item: Item): void {
		const share = this.#shareOf(holder);
		share.idle.delete(item);
		this.#count(holder, share, -1);
		if (share.count === 0) this.#shares.delete(holder);
	}

	/** From now on the item may be evicted, as the last of those that may; or it may not. */
	setIdle(holder: Holder, item: Item, isIdle: boolean): void {
		const { idle } = this.#shareOf(holder);
		idle.delete(item);
		if (isIdle) idle.add(item);
	}

	#shareOf(holder: Holder): Share<Item> {
		const user = this.#options.userOf(holder);
		const known = this.#shares.get(holder);
		if (known?.user === user) return known;
		const share = known ?? { user, count: 0, idle: new Queue<Item>() };
		this.#shares.set(holder, share);
		const { count } = share;
		this.#count(holder, share, -count);
		share.user = user; // it counts against another user by now
		this.#count(holder, share, count);
		return share;
	}

	#count(holder: Holder, share: Share<Item>, by: number): void {
		if (by === 0) return;
		share.count += by;
		this.used += by;
		this.#users.add(share.user, by);
		const holders = this.#holders.get(share.user) ?? new Tally<Holder>();
		holders.add(holder, by);
		if (holders.size === 0) this.#holders.delete(share.user);
		else this.#holders.set(share.user, holders);
	}

	/** The holder that loses an item so that `holder` gets one more: `holder` itself if no other has more. */
	#yielding(holder: Holder): Holder {
		const user = this.#options.userOf(holder);
		const heaviest = this.#users.largest();
		if (heaviest !== undefined && this.#users.of(heaviest) > this.#users.of(user)) {
			return this.#holders.get(heaviest)?.largest() ?? holder;
		}
		const holders = this.#holders.get(user);
		const other = holders?.largest();
		return holders !== undefined && other !== undefined && holders.of(other) > holders.of(holder) ? other : holder;
	}

	#idlest(holder: Holder): Item | undefined {
		return this.#shares.get(holder)?.idle.first;
	}
}
