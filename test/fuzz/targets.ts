/** The registry of the fuzz targets in TypeScript. */

import type { FuzzTarget } from "./target.ts";
import { configuration } from "./targets/configuration.ts";
import { containerFiles } from "./targets/container-files.ts";
import { filter } from "./targets/filter.ts";
import { keys } from "./targets/keys.ts";
import { model } from "./targets/model.ts";
import { options } from "./targets/options.ts";
import { past } from "./targets/past.ts";
import { recording } from "./targets/recording.ts";
import { saved } from "./targets/saved.ts";
import { screen } from "./targets/screen.ts";

export const TARGETS = [
	model,
	recording,
	saved,
	past,
	filter,
	keys,
	screen,
	options,
	configuration,
	containerFiles,
] as readonly FuzzTarget[];
