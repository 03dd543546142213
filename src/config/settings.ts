/** What the configuration file holds as a person writes it, and what comes of it. */

import type { Options } from "../cli/options.ts";
import type { ThemeName } from "../format/theme.ts";

/** config.json in $XDG_CONFIG_HOME/ebtop or ~/.config/ebtop; comments and commas at the end are allowed. */
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
	/** How far the screen can go back, such as "15m", "90s", "1h", or "0" for nowhere, as --history. */
	readonly history?: string;
	/** By pane, the column that sorts it at first; with - before it, the other way round. */
	readonly sort?: Readonly<Record<string, string>>;
	/** By pane, the columns that it has, in this order. */
	readonly columns?: Readonly<Record<string, readonly string[]>>;
}

/** What the file sets of a run; whatever the command line says wins. */
export type Settings = Partial<
	Pick<Options, "delaySeconds" | "panes" | "theme" | "ascii" | "noMouse" | "noArgs" | "historyMs" | "looks">
>;
