/** `ebtop follow --redact`: removes matches from every text of a receipt. */

import schema from "../../schema/receipt.schema.json" with { type: "json" };
import type { Receipt } from "../follow/receipt.ts";
import type { Shape } from "../history/shapes.ts";
import type { MatchFinder } from "../model/filter/index.ts";
import { Redactor } from "./redactor.ts";

const DEFINITIONS = schema.$defs as unknown as Readonly<Record<string, Shape>>;

export function redactReceipt(finders: readonly MatchFinder[], receipt: Receipt): Receipt {
	const referred = (ref: string): Shape => DEFINITIONS[ref.slice("#/$defs/".length)] ?? {};
	return new Redactor(finders, { referred }).document(schema as unknown as Shape, receipt);
}
