// Stands for many machines: serves /N/metrics for each, which is what ebtop's own --listen answered once, with counters that
// grow from scrape to scrape. Argument: the file with that answer. Prints its port.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";

/** A sample: the text before its value, and its value. */
interface Sample {
	readonly before: string;
	readonly value: number;
	readonly isCounter: boolean;
}

const lines = readFileSync(process.argv[2] ?? "", "utf8")
	.trimEnd()
	.split("\n");
const counters = new Set(lines.flatMap((line) => /^# TYPE (\S+) (?:counter|histogram)$/.exec(line)?.[1] ?? []));

function parsed(line: string): string | Sample {
	if (line === "" || line.startsWith("#")) return line;
	const at = line.lastIndexOf(" ");
	const name = /^\w+/.exec(line)?.[0] ?? "";
	const family = name.replace(/_(?:bucket|sum|count)$/, "");
	return {
		before: line.slice(0, at + 1),
		value: Number(line.slice(at + 1)),
		isCounter: counters.has(name) || counters.has(family),
	};
}

const samples = lines.map(parsed);
/** How often each machine was scraped, and what all answer then. */
const scrapes = new Map<string, number>();
const answers = new Map<number, string>();

/** The same for all machines: Prometheus keeps each series for itself, so that costs it no less. */
function answerTo(scrape: number): string {
	const known = answers.get(scrape);
	if (known !== undefined) return known;
	const text = samples.map((sample) => {
		if (typeof sample === "string") return sample;
		const { before, value, isCounter } = sample;
		// A third of the series are of programs that do nothing.
		const grown = isCounter && value % 3 !== 0 ? value * (1 + scrape / 20) : value;
		return before + (Number.isInteger(value) ? Math.round(grown) : grown);
	});
	answers.set(scrape, `${text.join("\n")}\n`);
	return answerTo(scrape);
}

function answer(machine: string): string {
	const scrape = scrapes.get(machine) ?? 0;
	scrapes.set(machine, scrape + 1);
	return answerTo(scrape);
}

const server = createServer(({ url = "" }, response) => {
	response.writeHead(200, { "Content-Type": "text/plain; version=0.0.4; charset=utf-8" });
	response.end(answer(/^\/(\d+)\/metrics$/.exec(url)?.[1] ?? "0"));
});
server.listen(0, "127.0.0.1", () => {
	const bound = server.address();
	process.stdout.write(`${typeof bound === "object" && bound !== null ? bound.port : 0}\n`);
});
