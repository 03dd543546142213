/** Rows of a table → a Parquet file, a group of rows at a time. */

import { type BasicType, ByteWriter, ParquetWriter, schemaFromColumnData } from "hyparquet-writer";
import type { ColumnType } from "./columns.ts";
import type { TableColumn } from "./tables.ts";

/** So many are in memory. */
const GROUP_ROWS = 10_000;

const TYPES: Readonly<Record<ColumnType, BasicType>> = {
	integer: "INT64",
	number: "DOUBLE",
	boolean: "BOOLEAN",
	text: "STRING",
	time: "TIMESTAMP",
	json: "JSON",
};

export class ParquetTable {
	readonly #columns: readonly (TableColumn & { values: unknown[] })[];
	readonly #bytes = new ByteWriter();
	readonly #writer: ParquetWriter;
	readonly #write: (bytes: Uint8Array) => void;
	#rows = 0;

	/** `write` may throw; it gets bytes that change after it returns. */
	constructor(columns: readonly TableColumn[], createdBy: string, write: (bytes: Uint8Array) => void) {
		this.#write = write;
		this.#columns = columns.map((column) => ({ ...column, values: [] }));
		const schema = schemaFromColumnData({ columnData: this.#data() });
		this.#writer = new ParquetWriter({ writer: this.#bytes, schema, createdBy });
	}

	get rows(): number {
		return this.#rows;
	}

	add(values: readonly unknown[]): void {
		for (const [at, column] of this.#columns.entries()) column.values.push(asParquet(values[at], column.type));
		this.#rows++;
		if (this.#rows % GROUP_ROWS === 0) this.#writeGroup();
	}

	end(): void {
		if (this.#rows % GROUP_ROWS !== 0) this.#writeGroup();
		this.#writer.finish();
		this.#flush();
	}

	#data() {
		return this.#columns.map(({ name, type, values }) => ({ name, type: TYPES[type], data: values }));
	}

	#writeGroup(): void {
		this.#writer.write({ columnData: this.#data(), rowGroupSize: GROUP_ROWS });
		for (const column of this.#columns) column.values = [];
		this.#flush();
	}

	#flush(): void {
		this.#write(this.#bytes.getBytes());
		this.#bytes.index = 0;
	}
}

function asParquet(value: unknown, type: ColumnType): unknown {
	if (value === null || value === undefined) return null;
	if (type === "integer") return BigInt(value as number);
	return type === "time" ? new Date(value as string) : value;
}
