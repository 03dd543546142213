/** Maps the values of rows, or of a document, by a JSON Schema. What does not change stays the same object. */

import { referred, type Shape } from "./shapes.ts";
import type { Row } from "./state.ts";

/** Returns the same value if nothing in it changes. */
export type MapValue = (value: unknown) => unknown;

export interface ShapeMapOptions {
	/** What is done to the values of this definition, by its name in the schema; null: to what is in them. */
	leaf(definition: string): MapValue | null;
	/** What a `$ref` stands for; by default in the schema of a snapshot. */
	readonly referred?: (ref: string) => Shape;
	/** The same for whole lists of these items. */
	list?(items: Shape): ((list: readonly unknown[]) => readonly unknown[]) | null;
}

export class ShapeMap {
	readonly #options: ShapeMapOptions;
	/** Objects and lists that have been mapped. */
	readonly #known = new WeakMap<object, object>();
	readonly #shapes = new Map<Shape, MapValue>();

	constructor(options: ShapeMapOptions) {
		this.#options = options;
	}

	/** Made once for each shape. */
	of(shape: Shape): MapValue {
		const known = this.#shapes.get(shape);
		if (known !== undefined) return known;
		const made = this.#create(shape);
		this.#shapes.set(shape, made);
		return made;
	}

	#referred(ref: string): Shape {
		return (this.#options.referred ?? referred)(ref);
	}

	#create({ $ref, anyOf, properties, items }: Shape): MapValue {
		if ($ref !== undefined) return this.#options.leaf($ref.slice("#/$defs/".length)) ?? this.of(this.#referred($ref));
		if (anyOf !== undefined) return this.#createChoice(anyOf);
		if (items !== undefined) return this.#createList(items);
		return properties === undefined ? (value) => value : this.#createObject(properties);
	}

	/** An object is of the form whose constant fields it has. */
	#createChoice(choices: readonly Shape[]): MapValue {
		const forms = choices.map((choice) => ({ constants: this.#constantsOf(choice), map: this.of(choice) }));
		return (value) => {
			if (typeof value !== "object" || value === null) return forms.reduce((done, { map }) => map(done), value);
			const isForm = (constants: readonly [string, unknown][]) =>
				constants.every(([name, constant]) => (value as Row)[name] === constant);
			return forms.find(({ constants }) => isForm(constants))?.map(value) ?? value;
		};
	}

	#constantsOf({ $ref, properties = {} }: Shape): readonly [string, unknown][] {
		if ($ref !== undefined) return this.#constantsOf(this.#referred($ref));
		return Object.entries(properties).flatMap(([name, shape]) =>
			shape.const === undefined ? [] : [[name, shape.const]],
		);
	}

	#createList(items: Shape): MapValue {
		const map = this.of(items);
		const whole = this.#options.list?.(items) ?? ((values) => changed(values, values.map(map)));
		return this.#remembering((list) => whole(list as readonly unknown[]));
	}

	#createObject(properties: Readonly<Record<string, Shape>>): MapValue {
		const fields = Object.entries(properties).map(([name, shape]) => [name, this.of(shape)] as const);
		return this.#remembering((object) => {
			let result = object as Record<string, unknown>;
			for (const [name, map] of fields) {
				const value = result[name];
				const mapped = value === undefined ? value : map(value);
				if (mapped === value) continue;
				if (result === object) result = { ...result };
				result[name] = mapped;
			}
			return result;
		});
	}

	#remembering(map: (value: object) => object): MapValue {
		return (value) => {
			if (typeof value !== "object" || value === null) return value;
			const known = this.#known.get(value) ?? map(value);
			this.#known.set(value, known);
			return known;
		};
	}
}

function changed(before: readonly unknown[], after: readonly unknown[]): readonly unknown[] {
	return after.every((value, at) => value === before[at]) ? before : after;
}
