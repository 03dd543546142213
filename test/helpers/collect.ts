/** Collects all garbage now. */

import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
export const collect: () => void = runInNewContext("gc");
