/** By which rules something is said to be caused by the command, as data. What no rule says is not followed. */

/** certain: at least 99 % right. A class is a promise against accident, not against a program that lies on purpose. */
export type Class = "certain";

export type RuleName = "lineage";

export interface Rule {
	readonly rule: RuleName;
	readonly class: Class;
	readonly says: string;
}

export const RULES: readonly Rule[] = [
	{
		rule: "lineage",
		class: "certain",
		says: "A process does what it does for whoever started it, whatever becomes of its parent or its user.",
	},
];

/** Of all that descendants did. */
export const BY_LINEAGE = { class: "certain", rules: ["lineage"] } as const;
