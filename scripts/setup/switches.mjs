/**
 * Optional parts that only make ebtop faster, each behind one switch of the build:
 * `EBTOP_WITHOUT=joined-output,shared-btf,code-cache npm run build`. Left-out parts go into the fingerprints, so a
 * build without the variable brings them back.
 */
import { SetupError } from "./report.mjs";

/** Each part, and what replaces it. */
export const PARTS = {
	"joined-output": "frames are put together by Ink's own output.js",
	"shared-btf": "libbpf reads the kernel's types for each object that it loads",
	"code-cache": "V8 compiles the program at each start",
};

/** The names of the parts that this build leaves out. */
export function leftOut() {
	const names = (process.env.EBTOP_WITHOUT ?? "").split(",").filter((name) => name !== "");
	const unknown = names.find((name) => !Object.hasOwn(PARTS, name));
	if (unknown === undefined) return names;
	throw new SetupError(`EBTOP_WITHOUT knows no "${unknown}"; it knows ${Object.keys(PARTS).join(", ")}.`);
}

/** Whether this build has the part. */
export const has = (part) => !leftOut().includes(part);
