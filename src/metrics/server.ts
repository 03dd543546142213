/** `--listen`: an HTTP server that answers GET /metrics. Clients cannot disturb the measuring. */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { Failure } from "../failure.ts";
import type { Store } from "../model/store.ts";
import { type Compat, createExposition } from "./exposition.ts";
import { Families } from "./families.ts";

/** An address and a port to listen on. */
export interface Endpoint {
	readonly address: string;
	readonly port: number;
}

/** A scraper has one connection; a few more are allowed. */
const MOST_CONNECTIONS = 16;
/** A slower request or reader is disconnected. */
const TIMEOUT_MS = 5000;

export interface MetricsServer {
	/** Where it listens; port 0 was replaced by a free one. */
	readonly endpoint: Endpoint;
	close(): void;
}

/** Rejects with a Failure if it cannot listen there. */
export async function serveMetrics(
	endpoint: Endpoint,
	store: Store,
	version: string,
	compat: Compat | null,
): Promise<MetricsServer> {
	const families = new Families();
	const unsubscribe = store.subscribe((snapshot) => {
		if (snapshot !== families.snapshot) families.add(snapshot);
	});
	const registry = createExposition(families, version, compat);
	const server = createServer({ headersTimeout: TIMEOUT_MS, requestTimeout: TIMEOUT_MS }, (request, response) => {
		answer(request, response, () => registry.metrics(), registry.contentType);
	});
	server.maxConnections = MOST_CONNECTIONS;
	server.setTimeout(TIMEOUT_MS); // a scraper that never reads, too
	const port = await listen(server, endpoint);
	server.unref();
	return {
		endpoint: { ...endpoint, port },
		close() {
			unsubscribe();
			server.close();
			server.closeAllConnections();
		},
	};
}

function listen(server: Server, { address, port }: Endpoint): Promise<number> {
	return new Promise((resolve, reject) => {
		server.once("error", (error: NodeJS.ErrnoException) => {
			const reason = error.code === "EADDRINUSE" ? "another program listens there" : (error.code ?? error.message);
			reject(new Failure(`Cannot listen on ${address}:${port}: ${reason}. Choose another port with --listen.`, 1));
		});
		server.listen({ host: address, port }, () => {
			server.removeAllListeners("error");
			server.on("error", () => {}); // a connection that could not be accepted
			const bound = server.address();
			resolve(typeof bound === "object" && bound !== null ? bound.port : port);
		});
	});
}

function answer(request: IncomingMessage, response: ServerResponse, read: () => Promise<string>, type: string): void {
	const path = (request.url ?? "").split("?")[0];
	const end = (status: number, contentType: string, text: string) => {
		response.writeHead(status, { "Content-Type": contentType, "X-Content-Type-Options": "nosniff" });
		response.end(request.method === "HEAD" ? undefined : text);
	};
	const refuse = (status: number, sentence: string) => end(status, "text/plain", `${sentence}\n`);
	if (request.method !== "GET" && request.method !== "HEAD") refuse(405, "Only GET is answered.");
	else if (path !== "/metrics") refuse(404, "The metrics are at /metrics.");
	else {
		read().then(
			(text) => end(200, type, text),
			() => refuse(500, "The metrics could not be read."),
		);
	}
}
