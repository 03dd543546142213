/** Files that a container runtime or a process made, read in the background. */
export interface ForeignFiles {
	/**
	 * Null if it is not a regular file, too large, unreadable, or not of the user `owner`, if given. May stay pending if a
	 * file system hangs.
	 */
	read(path: string, owner?: number): Promise<Uint8Array | null>;
	/** The names in a folder; none if there is no folder. */
	list(path: string): Promise<readonly string[]>;
}

/** The text of a file; bytes that are not UTF-8 become U+FFFD. */
export async function readText(files: ForeignFiles, path: string, owner?: number): Promise<string | null> {
	const bytes = await files.read(path, owner);
	return bytes === null ? null : new TextDecoder().decode(bytes);
}

/** The value in a JSON file; undefined if it cannot be read. */
export async function readJson(files: ForeignFiles, path: string, owner?: number): Promise<unknown> {
	return parseJson((await readText(files, path, owner)) ?? "");
}

/** Undefined if the text is not JSON. */
export function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}
