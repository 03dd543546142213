/** A block device for one test: a loop device over a private file, or over `file`. */

import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

export const DEVICE_BYTES = 8 << 20;

/** The kernel's own counts of a device: Documentation/block/stat.rst. */
export interface DeviceCounts {
	readonly reads: number;
	readonly readBytes: number;
	readonly writes: number;
	readonly writeBytes: number;
	readonly discards: number;
	readonly discardBytes: number;
}

export class LoopDevice {
	/** "/dev/loop3". */
	readonly path: string;
	/** "loop3". */
	readonly name: string;
	/** "7:3". */
	readonly number: string;
	readonly #directory: string;

	constructor(file?: string) {
		this.#directory = mkdtempSync(join(tmpdir(), "eb-"));
		const own = join(this.#directory, "disk");
		if (file === undefined) writeFileSync(own, Buffer.alloc(DEVICE_BYTES));
		try {
			this.path = execFileSync("losetup", ["--find", "--show", file ?? own], {
				encoding: "utf8",
				stdio: "pipe",
			}).trim();
		} catch (error) {
			rmSync(this.#directory, { recursive: true });
			throw error;
		}
		this.name = basename(this.path);
		this.number = readFileSync(`/sys/block/${this.name}/dev`, "utf8").trim();
	}

	counts(): DeviceCounts {
		const text = readFileSync(`/sys/block/${this.name}/stat`, "utf8");
		const [reads = 0, , readSectors = 0, , writes = 0, , writeSectors = 0, , , , , discards = 0, , discardSectors = 0] =
			text.trim().split(/\s+/).map(Number);
		const [readBytes, writeBytes, discardBytes] = [512 * readSectors, 512 * writeSectors, 512 * discardSectors];
		return { reads, readBytes, writes, writeBytes, discards, discardBytes };
	}

	remove(): void {
		execFileSync("losetup", ["--detach", this.path]);
		rmSync(this.#directory, { recursive: true });
	}
}

/** Why there can be none here, as a sentence; null if there can. */
export function whyNoLoopDevice(): string | null {
	if (process.getuid?.() !== 0) return "a loop device needs root";
	if (!existsSync("/dev/loop-control")) return "this kernel has no loop devices";
	try {
		new LoopDevice().remove();
		return null;
	} catch (error) {
		return `losetup fails here: ${(error as Error).message.trim().split("\n").at(-1)}`;
	}
}
