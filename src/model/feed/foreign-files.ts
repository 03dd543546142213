/** Files that a container runtime or a process made, read where nobody waits for them. */
export interface ForeignFiles {
	/** Null where it is not a regular file, too large, or cannot be read; may never be kept where a file system hangs. */
	read(path: string): Promise<Uint8Array | null>;
	/** The names in a folder, none where there is none. */
	list(path: string): Promise<readonly string[]>;
}

/** The text of a file; what is no UTF-8 in it becomes U+FFFD. */
export async function readText(files: ForeignFiles, path: string): Promise<string | null> {
	const bytes = await files.read(path);
	return bytes === null ? null : new TextDecoder().decode(bytes);
}

/** What a file of JSON says; undefined where it says nothing. */
export async function readJson(files: ForeignFiles, path: string): Promise<unknown> {
	return parseJson((await readText(files, path)) ?? "");
}

/** Undefined where the text is no JSON. */
export function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}
