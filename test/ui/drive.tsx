/**
 * Not a test: shows the screen with a synthetic machine on this terminal. Bundle it, then `node drive.mjs [processes]`.
 */

import { History } from "../../src/history/history.ts";
import { createStore } from "../../src/model/store.ts";
import { PANES } from "../../src/panes/index.ts";
import { runScreen } from "../../src/ui/index.ts";
import { changingSnapshot } from "../helpers/changing-snapshots.ts";

const size = Number(process.argv[2] ?? 120);
const store = createStore();
let tick = 0;
const publish = () => store.publish(changingSnapshot(tick++, size));
publish();
let timer = setInterval(publish, 1000);
await runScreen({
	store,
	history: new History(),
	delaySec: 1,
	color: !process.env.NO_COLOR,
	theme: "default",
	trueColor: false,
	ascii: process.argv.includes("--ascii"),
	mouse: true,
	copy: () => {},
	sourceLabel: "SYNTHETIC",
	stdin: process.stdin,
	stdout: process.stdout,
	available: PANES,
	enabled: PANES,
	want() {},
	whyNoFollow: "Nobody can be followed in a picture that is made up.",
	follow: () => null,
	keeper: null,
	player: null,
	speed: 1,
	writes: () => [],
	keys: new Map(),
	keepColumns: async () => "Nothing made up is kept.",
	inspect: async () => "Nothing made up is known.",
	save: async () => "Nothing made up is saved.",
	setDelay(seconds) {
		clearInterval(timer);
		timer = setInterval(publish, seconds * 1000);
	},
}).ended;
clearInterval(timer);
