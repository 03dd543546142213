/**
 * The types of values in a snapshot and in its JSON Schema (schema/generate.mjs reads the @ tags): whole numbers,
 * amounts, and texts of a certain form.
 */

/**
 * A number of things or bytes.
 * @asType integer
 * @minimum 0
 */
export type Count = number;

/**
 * An amount: a rate, a share or a time.
 * @minimum 0
 */
export type Amount = number;

/** null if it is not measured, as without BPF. */
export type Measured = Amount | null;

/**
 * @asType integer
 * @minimum 0
 * @maximum 4294967295
 */
export type Pid = number;

/**
 * A number of 32 bits.
 * @asType integer
 * @minimum 0
 * @maximum 4294967295
 */
export type Word = number;

/**
 * @asType integer
 * @minimum 0
 * @maximum 65535
 */
export type Port = number;

/**
 * A number of 64 bits, in decimal.
 * @pattern ^(0|[1-9]\d{0,19})$
 */
export type Identity = string;

/**
 * ISO 8601 with milliseconds, UTC.
 * @pattern ^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$
 */
export type Time = string;

/**
 * Safe to show: everything that could control a terminal is escaped (see safe-text.ts).
 * @pattern ^[^\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]*$
 */
export type Text = string;

/**
 * An IPv4 or IPv6 address.
 * @pattern ^[0-9a-f.:]+$
 */
export type Address = string;

export type DiskOperation = "read" | "write" | "discard" | "flush";
