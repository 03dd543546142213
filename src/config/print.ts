/** `--print-config`: the settings in effect, in the form of the file. */

import type { Options } from "../cli/options.ts";
import { keyName } from "../format/key-name.ts";
import type { PaneLook } from "../panes/look.ts";
import type { Configuration } from "./settings.ts";

const UNITS = [
	["h", 3_600_000],
	["m", 60_000],
] as const;

/** In the format of `--history`. */
function historyText(ms: number): string {
	if (ms === 0) return "0";
	const unit = UNITS.find(([, size]) => ms % size === 0);
	return unit === undefined ? `${ms / 1000}s` : `${ms / unit[1]}${unit[0]}`;
}

function byPane<Value>(looks: Options["looks"], of: (look: PaneLook) => Value | null): Record<string, Value> {
	const entries = [...looks].flatMap(([name, look]) => {
		const value = of(look);
		return value === null ? [] : [[name, value] as const];
	});
	return Object.fromEntries(entries);
}

export function configurationText(options: Options): string {
	const { panes, availablePanes, looks } = options;
	const configuration: Configuration = {
		delay: options.delaySeconds,
		// Others can be turned on by their keys unless panes were named.
		...(availablePanes.length === panes.length ? { panes: panes.map(({ name }) => name) } : {}),
		theme: options.theme,
		ascii: options.ascii,
		mouse: !options.noMouse,
		args: !options.noArgs,
		history: historyText(options.historyMs),
		...(options.keys.size > 0 && {
			keys: Object.fromEntries([...options.keys].map(([key, as]) => [keyName(key), keyName(as)])),
		}),
		sort: byPane(looks, ({ sort }) => sort && `${sort.isReversed ? "-" : ""}${sort.key}`),
		columns: byPane(looks, ({ columns }) => columns),
	};
	return `${JSON.stringify(configuration, null, 2)}\n`;
}
