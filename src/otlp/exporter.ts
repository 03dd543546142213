/** `--otlp`: sends metrics and events to an OpenTelemetry receiver, with the official SDK. */

import { OTLPLogExporter } from "@opentelemetry/exporter-logs-otlp-proto";
import { OTLPMetricExporter } from "@opentelemetry/exporter-metrics-otlp-proto";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { LoggerProvider } from "@opentelemetry/sdk-logs";
import { MeterProvider, type MetricProducer, PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics";
import { Families } from "../metrics/families.ts";
import type { Store } from "../model/store.ts";
import { emitEvents } from "./events.ts";
import { LogQueue } from "./log-queue.ts";
import { createMetrics } from "./metrics.ts";
import { Processes } from "./processes.ts";

export const EXPORT_MS = 10_000;
const TIMEOUT_MS = 5000;
/** How long the end waits for a receiver. */
const LAST_MS = 2000;

export interface Exporter {
	/** What was dropped, as a row for the table of health. */
	row(): readonly string[];
	/** Sends what is left, if the receiver takes it in time. */
	close(): Promise<void>;
}

/** An export failed, or the first one after that did not. */
type Outcome = (error: Error | null) => void;

class WatchedMetricExporter extends OTLPMetricExporter {
	outcome: Outcome = () => {};

	override export(...[metrics, done]: Parameters<OTLPMetricExporter["export"]>): void {
		super.export(metrics, (result) => {
			this.outcome(result.code === 0 ? null : (result.error ?? new Error("refused")));
			done(result);
		});
	}
}

type What = "metrics" | "events";

/**
 * Tells when exports begin to fail: once for each kind, since some receivers take only metrics. Without the error's message, which may
 * be the receiver's.
 */
function watchFailures(base: string, tell: (notice: string) => void): (what: What) => Outcome {
	const failing = new Set<What>();
	return (what) => (error) => {
		if (error === null) return void failing.delete(what);
		if (failing.has(what)) return;
		const { code } = error as { readonly code?: unknown };
		const reason = typeof code === "string" && /^[A-Z_]+$/.test(code) ? code : "it does not answer";
		if (typeof code === "number")
			tell(`The OpenTelemetry receiver ${base} answers with HTTP status ${code} to ${what}; ebtop goes on trying.`);
		else if (failing.size === 0)
			tell(`Nothing reaches the OpenTelemetry receiver ${base} (${reason}); ebtop goes on trying.`);
		failing.add(what);
	};
}

/**
 * Nothing is sent before the first snapshot. `url` is the receiver's, without `/v1/metrics` and `/v1/logs`. `tell` takes a
 * sentence when exports begin to fail.
 */
export function openExporter(url: URL, store: Store, version: string, tell: (notice: string) => void): Exporter {
	const base = url.href.replace(/\/+$/, "");
	const outcomeOf = watchFailures(base, tell);
	const to = (path: string) => ({ url: `${base}/v1/${path}`, timeoutMillis: TIMEOUT_MS, concurrencyLimit: 2 });
	const families = new Families();
	const processes = new Processes();
	const queue = new LogQueue(new OTLPLogExporter(to("logs")), outcomeOf("events"));
	let providers: { readonly meters: MeterProvider; readonly logs: LoggerProvider } | null = null;

	/** The host's name is in the first snapshot. */
	function begin(host: string, kernel: string) {
		const resource = resourceFromAttributes({
			"service.name": "ebtop",
			"service.version": version,
			"host.name": host,
			"os.type": "linux",
			"os.version": kernel,
		});
		const collect = createMetrics(families, processes, Date.now(), () => queue.dropped);
		const scope = { name: "ebtop", version };
		const producer: MetricProducer = {
			collect: async () => ({
				resourceMetrics: { resource, scopeMetrics: [{ scope, metrics: collect() }] },
				errors: [],
			}),
		};
		const exporter = new WatchedMetricExporter(to("metrics"));
		exporter.outcome = outcomeOf("metrics");
		const reader = new PeriodicExportingMetricReader({
			exporter,
			exportIntervalMillis: EXPORT_MS,
			exportTimeoutMillis: TIMEOUT_MS,
			metricProducers: [producer],
		});
		return {
			meters: new MeterProvider({ resource, readers: [reader] }),
			logs: new LoggerProvider({ resource, processors: [queue] }),
		};
	}

	const unsubscribe = store.subscribe((snapshot) => {
		if (snapshot === families.snapshot) return;
		families.add(snapshot);
		processes.add(snapshot);
		providers ??= begin(snapshot.host, snapshot.kernel);
		emitEvents(providers.logs.getLogger("ebtop", version), snapshot);
	});

	return {
		row: () => ["otlp", queue.dropped > 0 ? "losing" : "on", base, String(queue.dropped)],
		async close() {
			unsubscribe();
			if (providers === null) return;
			const all = Promise.all([providers.meters.shutdown(), queue.forceFlush()]).catch(() => {}); // said by outcome
			const late = new Promise((resolve) => setTimeout(resolve, LAST_MS, "late"));
			if ((await Promise.race([all, late])) === "late") outcomeOf("metrics")(new Error("no answer before the end"));
		},
	};
}
