/**
 * How far the clock of another machine is ahead of this one, as NTP finds it: a question with its number goes there, the answer
 * comes back with the time there. That time was between question and answer here, so the shortest exchange says it best.
 */

import type { Readable } from "node:stream";
import { BlockType, encodePlainBlock } from "../model/feed/recording-format.ts";

export interface ClockOffset {
	/** Its clock minus ours. */
	readonly offsetMs: number;
	/** It is wrong by no more. */
	readonly errorMs: number;
}

/** A clock drifts by less than 1 ms within so many exchanges, one every few seconds. */
const MOST_EXCHANGES = 8;
/** Both clocks are read as whole milliseconds. */
const READING_MS = 1;

export class ClockOfHost {
	readonly #exchanges: ClockOffset[] = [];
	#asked = 0;
	#askedMs: number | null = null;

	/** The question to send. */
	ask(nowMs: number): string {
		this.#askedMs = nowMs;
		return `clock ${++this.#asked}\n`;
	}

	/** Takes what the machine answered, whatever that is. */
	take(payload: Uint8Array, nowMs: number): void {
		const answer = parseAnswer(payload);
		if (this.#askedMs === null || answer?.asked !== this.#asked) return;
		const halfMs = (nowMs - this.#askedMs) / 2;
		this.#exchanges.push({ offsetMs: answer.wallMs - this.#askedMs - halfMs, errorMs: halfMs + READING_MS });
		if (this.#exchanges.length > MOST_EXCHANGES) this.#exchanges.shift();
		this.#askedMs = null;
	}

	/** Of the shortest of the last exchanges; null before the first. */
	get offset(): ClockOffset | null {
		const [first, ...others] = this.#exchanges;
		if (first === undefined) return null;
		return others.reduce((best, each) => (each.errorMs <= best.errorMs ? each : best), first);
	}
}

/** Later than any time that a Date can have. */
const MOST_MS = 8.64e15;

function parseAnswer(payload: Uint8Array): { readonly asked: number; readonly wallMs: number } | null {
	let answer: { readonly asked?: unknown; readonly wallMs?: unknown };
	try {
		answer = Object(JSON.parse(Buffer.from(payload).toString()));
	} catch {
		return null;
	}
	const { asked, wallMs } = answer;
	const isTime = typeof wallMs === "number" && Math.abs(wallMs) <= MOST_MS;
	return isTime && typeof asked === "number" ? { asked, wallMs } : null;
}

/** As the shortest of `--delay`. */
const LEAST_DELAY_SEC = 0.1;
/** No question is longer. */
const MOST_LINE = 64;

/** What whoever asks about the clock wants besides; an ebtop that does not know it goes on as before. */
export const delayLine = (seconds: number): string => `delay ${seconds}\n`;

export interface Asked {
	/** Sends an answer, a block that other readers skip. */
	write(block: Uint8Array): void;
	/** More or fewer refreshes are wanted. */
	setDelay(seconds: number): void;
	/** No more questions will come. */
	end(): void;
}

/** Answers the questions that come on `input`. */
export function answerClock(input: Readable, { write, setDelay, end }: Asked): void {
	let line = "";
	input.on("data", (bytes: Buffer) => {
		const lines = (line + bytes.toString("latin1")).split("\n");
		line = (lines.pop() ?? "").slice(-MOST_LINE);
		for (const each of lines) {
			const seconds = /^delay (\d{1,3}(?:\.\d{1,3})?)$/.exec(each)?.[1];
			if (seconds !== undefined && Number(seconds) >= LEAST_DELAY_SEC) setDelay(Number(seconds));
			const asked = /^clock (\d{1,15})$/.exec(each)?.[1];
			if (asked === undefined) continue;
			const answer = { asked: Number(asked), wallMs: Date.now() };
			write(encodePlainBlock(BlockType.CLOCK, Buffer.from(JSON.stringify(answer))));
		}
	});
	input.once("end", end);
	input.on("error", end);
}
