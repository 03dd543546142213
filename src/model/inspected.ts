/** What a user may ask about one process: read from /proc when asked, in no snapshot and no recording. */

export interface Inspected {
	/** When it was read. */
	readonly time: string;
	readonly cwd: string | null;
	readonly root: string | null;
	/** Names without "cap_", by set. */
	readonly capabilities: readonly (readonly [set: string, names: readonly string[]])[];
	readonly limits: readonly { readonly name: string; readonly soft: string; readonly hard: string }[];
	readonly descriptors: readonly { readonly fd: number; readonly target: string }[];
	/** How many more there are. */
	readonly moreDescriptors: number;
	/** NAME=value, sorted; a sentence if it is not known. */
	readonly environment: readonly string[] | string;
}
