/** Files that a container runtime or a process made, read in the background. */
export interface ForeignFiles {
	/** Null if it is not a regular file, too large, or unreadable. May stay pending if a file system hangs. */
	read(path: string): Promise<Uint8Array | null>;
	/** The names in a folder; none if there is no folder. */
	list(path: string): Promise<readonly string[]>;
}

/** The text of a file; bytes that are not UTF-8 become U+FFFD. */
export async function readText(files: ForeignFiles, path: string): Promise<string | null> {
	const bytes = await files.read(path);
	return bytes === null ? null : new TextDecoder().decode(bytes);
}

/** The value in a JSON file; undefined if it cannot be read. */
export async function readJson(files: ForeignFiles, path: string): Promise<unknown> {
	return parseJson((await readText(files, path)) ?? "");
}

/** Undefined if the text is not JSON. */
export function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}
