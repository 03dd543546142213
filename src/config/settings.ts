/** The configuration file as written, and as parsed. */

import type { Options } from "../cli/options.ts";
import type { ThemeName } from "../format/theme.ts";

/** config.json in $XDG_CONFIG_HOME/ebtop or ~/.config/ebtop; comments and trailing commas are allowed. */
export interface Configuration {
	/** For editors. */
	readonly $schema?: string;
	/**
	 * Seconds from one refresh to the next, from 0.1 to 60, as --delay.
	 * @minimum 0.1
	 * @maximum 60
	 */
	readonly delay?: number;
	/** What is shown and measured, as --panes. */
	readonly panes?: readonly string[];
	/** The palette: default, light for a light background, colorblind, mono; NO_COLOR and --no-color win over it. */
	readonly theme?: ThemeName;
	/** Draw with ASCII characters only, as --ascii. */
	readonly ascii?: boolean;
	/** False leaves the mouse to the terminal, as --no-mouse. */
	readonly mouse?: boolean;
	/** False never reads command lines, as --no-args. */
	readonly args?: boolean;
	/** How far back the screen can go, such as "15m", "90s", "1h", or "0" for not at all, as --history. */
	readonly history?: string;
	/** By pane, the column it is sorted by at first; with - before it, in reverse. */
	readonly sort?: Readonly<Record<string, string>>;
	/** By pane, the columns that it has, in this order. */
	readonly columns?: Readonly<Record<string, readonly string[]>>;
}

/** What the file sets; the command line wins. */
export type Settings = Partial<
	Pick<Options, "delaySeconds" | "panes" | "theme" | "ascii" | "noMouse" | "noArgs" | "historyMs" | "looks">
>;
