/** A failure that ebtop reports to the user in one sentence. */

/**
 * 1: failed while running; 2: wrong usage; 3: not possible on this kernel or with these privileges; 125: `follow`
 * itself failed.
 */
export type FailureStatus = 1 | 2 | 3 | 125;

export class Failure extends Error {
	readonly status: FailureStatus;

	/** `message` says what failed and what to do, in one or two plain sentences. */
	constructor(message: string, status: FailureStatus) {
		super(message);
		this.status = status;
	}
}

const SYSTEM_REASONS: Readonly<Record<string, string>> = {
	ENOENT: "there is no such file or directory",
	EACCES: "permission is denied",
	EPERM: "permission is denied",
	EISDIR: "it is a directory",
	ENOTDIR: "a part of the path is not a directory",
	ENOSPC: "no space is left on the device",
	EROFS: "the file system is read-only",
	EFBIG: "it would become too large",
	EDQUOT: "the disk quota is used up",
	EIO: "the device failed",
};

/** The reason of a system error, as the end of a sentence. */
export function systemReason(error: unknown): string {
	const { code, message } = error as NodeJS.ErrnoException;
	return SYSTEM_REASONS[code ?? ""] ?? message.replace(/\.$/, "");
}

const STATUS_OF_CODE: Readonly<Record<string, FailureStatus>> = { EBTOP_USAGE: 2, EBTOP_UNSUPPORTED: 3 };

/** An error of the addon, or from loading it, with the exit status for its code. */
export function addonFailure(error: unknown): Failure {
	const { code, message } = error as NodeJS.ErrnoException;
	return new Failure(message, STATUS_OF_CODE[code ?? ""] ?? 1);
}
