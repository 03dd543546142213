// Makes share/grafana-dashboard.json: for Grafana, with a Prometheus that scrapes `ebtop --listen`.
// Each panel is a row here; a test asks a real Prometheus each of their queries.

// biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of Grafana
const DATASOURCE = { type: "prometheus", uid: "${datasource}" };
const HOST = 'instance=~"$instance"';
const rate = (metric, by) => `topk(10, sum by (${by}) (rate(${metric}{${HOST}}[$__rate_interval])))`;

/** Title, unit, [query, legend] each. */
const CHARTS = [
	["CPU by program", "percentunit", [[rate("ebtop_process_cpu_seconds_total", "program"), "{{program}}"]]],
	[
		"Resident memory by program",
		"bytes",
		[[`topk(10, sum by (program) (ebtop_process_resident_bytes{${HOST}}))`, "{{program}}"]],
	],
	["Bytes read by program", "Bps", [[rate("ebtop_process_read_bytes_total", "program"), "{{program}}"]]],
	["Bytes written by program", "Bps", [[rate("ebtop_process_written_bytes_total", "program"), "{{program}}"]]],
	["CPU by unit or container", "percentunit", [[rate("ebtop_process_cpu_seconds_total", "unit"), "{{unit}}"]]],
	["System calls", "ops", [[rate("ebtop_syscalls_total", "program, syscall"), "{{program}} {{syscall}}"]]],
	[
		"Errors of system calls",
		"ops",
		[[rate("ebtop_syscall_errors_total", "program, syscall"), "{{program}} {{syscall}}"]],
	],
	["Links", "Bps", [[rate("ebtop_link_bytes_total", "kind, from, to"), "{{from}} to {{to}}, {{kind}}"]]],
	[
		"TCP",
		"Bps",
		[
			[rate("ebtop_tcp_sent_bytes_total", "program"), "{{program}} sent"],
			[rate("ebtop_tcp_received_bytes_total", "program"), "{{program}} received"],
		],
	],
	["TCP retransmits", "ops", [[rate("ebtop_tcp_retransmits_total", "program"), "{{program}}"]]],
	[
		"Processes that started and ended",
		"ops",
		[
			[`sum(rate(ebtop_forks_total{${HOST}}[$__rate_interval]))`, "forks"],
			[`sum(rate(ebtop_execs_total{${HOST}}[$__rate_interval]))`, "execs"],
			[`sum by (how) (rate(ebtop_exits_total{${HOST}}[$__rate_interval]))`, "ended: {{how}}"],
		],
	],
	[
		"Can the numbers be trusted: records lost, entries without room",
		"short",
		[
			[`sum by (probe) (increase(ebtop_records_lost_total{${HOST}}[$__rate_interval])) > 0`, "{{probe}}"],
			[`sum by (table) (increase(ebtop_table_overflow_total{${HOST}}[$__rate_interval])) > 0`, "table {{table}}"],
		],
	],
];

const LINKS = `sum by (from, to) (rate(ebtop_link_bytes_total{${HOST}}[$__rate_interval])) > 0`;
const named = (query, name, from) =>
	`label_join(${query}, "${name}", " > ", ${from.map((each) => `"${each}"`).join(", ")})`;
/** Programs are nodes, links are edges; the panel wants these names of fields. */
const EDGES = named(named(named(LINKS, "id", ["from", "to"]), "source", ["from"]), "target", ["to"]);
const NODES = `sum by (id, title) (${["from", "to"]
	.map((end) => named(named(LINKS, "id", [end]), "title", [end]))
	.join(" or ")})`;

function graphPanel(id) {
	const target = (refId, expr) => ({
		refId,
		expr,
		datasource: DATASOURCE,
		instant: true,
		range: false,
		format: "table",
	});
	return {
		id,
		type: "nodeGraph",
		title: "Which program sends to which",
		description: "Bytes a second over pipes, sockets, loopback TCP and shared files.",
		datasource: DATASOURCE,
		gridPos: { x: 0, y: 0, w: 24, h: 14 },
		targets: [target("nodes", NODES), target("edges", EDGES)],
		transformations: [
			{
				id: "organize",
				options: { renameByName: { "Value #nodes": "mainstat", "Value #edges": "mainstat" } },
			},
		],
		options: { nodes: { mainStatUnit: "Bps" }, edges: { mainStatUnit: "Bps" } },
	};
}

function chartPanel([title, unit, queries], at) {
	return {
		id: at + 2,
		type: "timeseries",
		title,
		datasource: DATASOURCE,
		gridPos: { x: (at % 2) * 12, y: 14 + Math.floor(at / 2) * 8, w: 12, h: 8 },
		fieldConfig: { defaults: { unit, custom: { fillOpacity: 10 } }, overrides: [] },
		targets: queries.map(([expr, legendFormat], index) => ({
			refId: String.fromCharCode("A".charCodeAt(0) + index),
			expr,
			legendFormat,
			datasource: DATASOURCE,
		})),
	};
}

/** The file's text. */
export function grafanaDashboard() {
	const dashboard = {
		uid: "ebtop",
		title: "ebtop",
		tags: ["ebtop"],
		schemaVersion: 39,
		editable: true,
		refresh: "30s",
		time: { from: "now-1h", to: "now" },
		templating: {
			list: [
				{ name: "datasource", type: "datasource", query: "prometheus", label: "Prometheus" },
				{
					name: "instance",
					type: "query",
					label: "Host",
					datasource: DATASOURCE,
					query: "label_values(ebtop_build_info, instance)",
					refresh: 2,
					includeAll: true,
					multi: true,
					allValue: ".*",
					current: { text: "All", value: "$__all" },
				},
			],
		},
		panels: [graphPanel(1), ...CHARTS.map(chartPanel)],
	};
	return `${JSON.stringify(dashboard, null, 2)}\n`;
}
