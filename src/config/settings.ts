/** The configuration file as written, and as parsed. */

import type { Options } from "../cli/options.ts";
import type { ThemeName } from "../format/theme.ts";

/** config.json in $XDG_CONFIG_HOME/ebtop or ~/.config/ebtop; comments and trailing commas are allowed. */
export interface Configuration {
	/** For editors. */
	readonly $schema?: string;
	/**
	 * Seconds between refreshes, from 0.1 to 60, like --delay.
	 * @minimum 0.1
	 * @maximum 60
	 */
	readonly delay?: number;
	/** The panes to show and measure, like --panes. */
	readonly panes?: readonly string[];
	/**
	 * The palette: default, light (for a light background), colorblind, mono; NO_COLOR and --no-color take precedence.
	 */
	readonly theme?: ThemeName;
	/** Draw with ASCII characters only, like --ascii. */
	readonly ascii?: boolean;
	/** False leaves the mouse to the terminal, like --no-mouse. */
	readonly mouse?: boolean;
	/** False never reads command lines, like --no-args. */
	readonly args?: boolean;
	/** How far back in time the screen can go, such as "15m", "90s", "1h", or "0" for not at all, like --history. */
	readonly history?: string;
	/** Keys, each with the key whose meaning it gets, or with "" for none: { "Ctrl-P": "p", "q": "" }. */
	readonly keys?: Readonly<Record<string, string>>;
	/** For each pane, the initial sort column; a - before it reverses the order. */
	readonly sort?: Readonly<Record<string, string>>;
	/** For each pane, its columns in order. */
	readonly columns?: Readonly<Record<string, readonly string[]>>;
}

/** What the file sets; the command line takes precedence. */
export type Settings = Partial<
	Pick<Options, "delaySeconds" | "panes" | "theme" | "ascii" | "noMouse" | "noArgs" | "historyMs" | "keys" | "looks">
>;
