/** An OpenTelemetry receiver over HTTP, which decodes with the official definitions (opentelemetry/proto, 1.x). */

import { createServer, type Server } from "node:http";
import { join } from "node:path";
import protobuf from "protobufjs";

export interface Point {
	readonly attributes: Readonly<Record<string, string | number>>;
	readonly value: number;
	readonly startMs: number;
	readonly isMonotonic: boolean;
	readonly unit: string;
}

export interface LogRecord {
	readonly name: string;
	readonly attributes: Readonly<Record<string, string | number>>;
}

interface Pair {
	readonly key: string;
	readonly value: { readonly stringValue?: string; readonly intValue?: string; readonly doubleValue?: number };
}
interface RawPoint {
	readonly attributes?: readonly Pair[];
	readonly asDouble?: number;
	readonly startTimeUnixNano: string;
}
interface RawMetric {
	readonly name: string;
	readonly unit: string;
	readonly sum: {
		readonly isMonotonic?: boolean;
		readonly aggregationTemporality: string;
		readonly dataPoints: RawPoint[];
	};
}
interface Scoped<Item> {
	readonly resource: { readonly attributes: readonly Pair[] };
	readonly scopeMetrics?: readonly { readonly metrics: readonly Item[] }[];
	readonly scopeLogs?: readonly { readonly logRecords: readonly Item[] }[];
}

const root = new protobuf.Root();
root.resolvePath = (_, target) => join(import.meta.dirname, target);
const service = (signal: "metrics" | "logs") => {
	const file = `opentelemetry/proto/collector/${signal}/v1/${signal}_service.proto`;
	const Name = signal === "metrics" ? "Metrics" : "Logs";
	return root.loadSync(file).lookupType(`opentelemetry.proto.collector.${signal}.v1.Export${Name}ServiceRequest`);
};
const TYPES = { "/v1/metrics": service("metrics"), "/v1/logs": service("logs") };

const attributesOf = (pairs: readonly Pair[] = []) =>
	Object.fromEntries(
		pairs.map(({ key, value }) => [
			key,
			value.stringValue ?? (value.intValue === undefined ? (value.doubleValue ?? 0) : Number(value.intValue)),
		]),
	);

export class Receiver {
	readonly bodies: Buffer[] = [];
	/** Of the last export, by name. */
	readonly metrics = new Map<string, Point[]>();
	readonly logs: LogRecord[] = [];
	resource: Readonly<Record<string, string | number>> = {};
	readonly #server: Server;

	private constructor(server: Server) {
		this.#server = server;
	}

	static async open(): Promise<Receiver> {
		const server = createServer();
		const receiver = new Receiver(server);
		server.on("request", (request, response) => {
			const chunks: Buffer[] = [];
			request.on("data", (chunk) => chunks.push(chunk));
			request.on("end", () => {
				receiver.#take(request.url as keyof typeof TYPES, Buffer.concat(chunks));
				response.writeHead(200, { "Content-Type": "application/x-protobuf" }).end();
			});
		});
		await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
		return receiver;
	}

	get url(): string {
		return `http://127.0.0.1:${(this.#server.address() as { port: number }).port}`;
	}

	close(): void {
		this.#server.close();
		this.#server.closeAllConnections();
	}

	#take(path: keyof typeof TYPES, body: Buffer): void {
		this.bodies.push(body);
		const type = TYPES[path];
		const decoded = type.toObject(type.decode(body), { longs: String, enums: String }) as {
			resourceMetrics?: Scoped<RawMetric>[];
			resourceLogs?: Scoped<{ eventName: string; attributes: Pair[] }>[];
		};
		for (const { resource, scopeMetrics } of decoded.resourceMetrics ?? []) {
			this.resource = attributesOf(resource.attributes);
			for (const metric of scopeMetrics?.flatMap(({ metrics }) => metrics) ?? []) this.#metric(metric);
		}
		for (const { scopeLogs } of decoded.resourceLogs ?? [])
			for (const { eventName, attributes } of scopeLogs?.flatMap(({ logRecords }) => logRecords) ?? [])
				this.logs.push({ name: eventName, attributes: attributesOf(attributes) });
	}

	#metric({ name, unit, sum }: RawMetric): void {
		if (sum.aggregationTemporality !== "AGGREGATION_TEMPORALITY_CUMULATIVE") throw new Error(`${name} is no total.`);
		const points = sum.dataPoints.map(({ attributes, asDouble, startTimeUnixNano }) => ({
			attributes: attributesOf(attributes),
			value: asDouble ?? 0,
			startMs: Number(startTimeUnixNano) / 1e6,
			isMonotonic: sum.isMonotonic ?? false,
			unit,
		}));
		this.metrics.set(name, points);
	}
}
