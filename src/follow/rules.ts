/** The rules by which something counts as caused by the command, as data. What matches no rule is not followed. */

/** certain: right in at least 99 % of cases. This covers accidents, not a program that deceives on purpose. */
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
		says: "What a process does counts for the process that started it, even if its parent dies or its user changes.",
	},
];

/** About everything that descendants did. */
export const BY_LINEAGE = { class: "certain", rules: ["lineage"] } as const;
