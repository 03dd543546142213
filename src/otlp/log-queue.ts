/** Log records on their way to the receiver: a bounded number waits, the rest is dropped and counted. */

import type { LogRecordExporter, LogRecordProcessor, ReadableLogRecord } from "@opentelemetry/sdk-logs";

export interface QueueBounds {
	/** Records that wait. */
	readonly records: number;
	/** Records in one request. */
	readonly batch: number;
}

export const QUEUE_BOUNDS: QueueBounds = { records: 4096, batch: 512 };

/** How often what waits is sent. */
const SEND_MS = 1000;
/** As in the SDK's ExportResultCode. */
const SUCCESS = 0;
/** HTTP statuses after which the protocol allows to send the same again. */
const PASSING: readonly unknown[] = [429, 502, 503, 504];

/** The receiver will never take it. */
function isRefused(error: Error | undefined): boolean {
	const { code } = (error ?? {}) as { readonly code?: unknown };
	return typeof code === "number" && !PASSING.includes(code);
}

/** The SDK's own queue does not tell what it drops. */
export class LogQueue implements LogRecordProcessor {
	/** Records that found no room, or that the receiver refused. */
	dropped = 0;
	readonly #exporter: LogRecordExporter;
	readonly #outcome: (error: Error | null) => void;
	readonly #bounds: QueueBounds;
	readonly #timer: NodeJS.Timeout;
	#waiting: ReadableLogRecord[] = [];
	#sending: Promise<boolean> | null = null;

	/** `outcome` gets the error of a request that failed, or null. */
	constructor(exporter: LogRecordExporter, outcome: (error: Error | null) => void, bounds: QueueBounds = QUEUE_BOUNDS) {
		this.#exporter = exporter;
		this.#outcome = outcome;
		this.#bounds = bounds;
		this.#timer = setInterval(() => void this.forceFlush(), SEND_MS).unref();
	}

	onEmit(record: ReadableLogRecord): void {
		if (this.#waiting.length < this.#bounds.records) this.#waiting.push(record);
		else this.dropped++;
	}

	/** Sends what waits; stops at the first request that fails. */
	async forceFlush(): Promise<void> {
		if (this.#sending !== null) return void (await this.#sending);
		while (this.#waiting.length > 0) {
			this.#sending = this.#send(this.#waiting.splice(0, this.#bounds.batch));
			const isSent = await this.#sending;
			this.#sending = null;
			if (!isSent) return;
		}
	}

	async shutdown(): Promise<void> {
		clearInterval(this.#timer);
		await this.#exporter.shutdown();
	}

	/** What was not refused for good waits again, as far as there is room: the oldest are dropped. */
	#send(batch: ReadableLogRecord[]): Promise<boolean> {
		return new Promise((resolve) => {
			this.#exporter.export(batch, ({ code, error }) => {
				this.#outcome(code === SUCCESS ? null : (error ?? new Error("refused")));
				if (code === SUCCESS) return resolve(true);
				const before = batch.length + this.#waiting.length;
				const all = [...(isRefused(error) ? [] : batch), ...this.#waiting];
				this.#waiting = all.slice(-this.#bounds.records);
				this.dropped += before - this.#waiting.length;
				resolve(false);
			});
		});
	}
}
