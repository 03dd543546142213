/**
 * Writes src/model/wire/layout.gen.ts from the BTF that clang emits for wire.h: sizes, enums and a reader for each
 * field, as the kernel side sees them. `--check` writes nothing and exits with 1 if the committed file differs.
 */

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const target = join(here, "../../src/model/wire/layout.gen.ts");

/** The only kernel types that wire.h uses; the layout must not depend on the vmlinux.h in use. */
const FIXED_TYPES = ["char __s8", "short __s16", "int __s32", "long long __s64"].flatMap((type) => [
	`typedef signed ${type};`,
	`typedef unsigned ${type.replace("__s", "__u")};`,
]);

function compiledBtf() {
	const directory = mkdtempSync(join(tmpdir(), "ebtop-wire-"));
	try {
		writeFileSync(join(directory, "vmlinux.h"), `${FIXED_TYPES.join("\n")}\n`);
		const object = join(directory, "wire.o");
		const flags = ["-target", "bpf", "-g", "-O2", `-I${directory}`, `-I${here}`];
		execFileSync("clang", [...flags, "-c", join(here, "wire.bpf.c"), "-o", object], { stdio: "inherit" });
		return JSON.parse(execFileSync("bpftool", ["btf", "dump", "file", object, "-j"], { encoding: "utf8" })).types;
	} finally {
		rmSync(directory, { recursive: true, force: true });
	}
}

const byId = new Map(compiledBtf().map((type) => [type.id, type]));

/** Size, repetition and signedness of a member, through typedefs and arrays. */
function shape(id) {
	const type = byId.get(id);
	if (type.kind === "TYPEDEF") return { ...shape(type.type_id), ...(type.name === "wire_id" ? { isId: true } : {}) };
	if (type.kind === "ARRAY") return { ...shape(type.type_id), count: type.nr_elems };
	return {
		bytes: type.size,
		count: 1,
		isSigned: type.encoding === "SIGNED",
		isText: type.name === "char",
		kind: type.kind,
	};
}

const pascal = (name) => name.replace(/(?:^|_)([a-z])/g, (_, letter) => letter.toUpperCase());
const camel = (name) => name.replace(/_([a-z0-9])/g, (_, letter) => letter.toUpperCase());

/** The members of a struct that are fields, with their offsets. */
function fieldsOf(struct) {
	return struct.members.flatMap((member) => {
		const field = { name: member.name, at: member.bits_offset / 8, ...shape(member.type_id) };
		return field.kind === "STRUCT" ? [] : [field];
	});
}

/** The field with the length of the text after the struct. */
const lengthField = (struct) => fieldsOf(struct).find(({ name }) => /(^|_)len$/.test(name));

/** The readers of a record's fields at `at`: there are no others. */
function readers(struct) {
	const prefix = camel(struct.name.replace(/^wire_/, ""));
	const functions = fieldsOf(struct)
		.filter(({ name }) => !/^reserved/.test(name))
		.flatMap((field) => {
			const name = `${prefix}${pascal(field.name)}`;
			if (field.isText)
				return reader(
					name,
					"string",
					field.count === 16 ? `commAt(view, at + ${field.at})` : `textAt(view, at + ${field.at}, ${field.count})`,
				);
			if (field.count > 1 && field.bytes === 1)
				return [
					`/** Where its ${field.count} bytes begin. */\nexport const ${name}At = (at: number): number => at + ${field.at};`,
				];
			if (field.count > 1)
				return [
					`export const ${name} = (view: DataView, at: number, index: number): number =>\n\t${numberAt(field, `${field.at} + ${field.bytes} * index`)};`,
				];
			if (field.isId)
				return [
					...reader(`${name}Low`, "number", numberAt({ bytes: 4 }, field.at)),
					...reader(`${name}High`, "number", numberAt({ bytes: 4 }, field.at + 4)),
				];
			return reader(name, "number", numberAt(field, field.at));
		});
	if (lengthField(struct) !== undefined)
		functions.push(
			`/** Where the text behind it begins. */\nexport const ${prefix}TextAt = (at: number): number => at + ${struct.size};`,
		);
	return functions.join("\n");
}

function reader(name, type, expression) {
	return [`export const ${name} = (view: DataView, at: number): ${type} => ${expression};`];
}

function numberAt({ bytes, isSigned }, place) {
	if (bytes === 8) return `counterAt(view, at + ${place})`;
	return `view.get${isSigned ? "Int" : "Uint"}${8 * bytes}(at + ${place}${bytes === 1 ? "" : ", true"})`;
}

function layoutText(struct) {
	const fields = fieldsOf(struct).map(
		({ name, at, bytes, count, isSigned }) =>
			`\t\t${name}: { at: ${at}, bytes: ${bytes}, count: ${count}, isSigned: ${isSigned} },`,
	);
	return `\t${struct.name}: {\n${fields.join("\n")}\n\t},`;
}

function shapeText([type, name]) {
	const struct = [...byId.values()].find((each) => each.kind === "STRUCT" && each.name === name);
	const length = lengthField(struct);
	const text = length === undefined ? "null" : `{ lengthAt: ${length.at}, lengthBytes: ${length.bytes} }`;
	return `\t[WireType.${type}]: { struct: "${name}", bytes: ${struct.size}, text: ${text} },`;
}

/** `WIRE_TCP_ROLE_CLIENT` of `wire_tcp_role` becomes `CLIENT`: the longest prefix that all members share is removed. */
function enumText(type) {
	const words = type.name.toUpperCase().split("_");
	const names = type.values.map((value) => value.name);
	let prefix = "";
	for (let count = words.length; count > 0 && prefix === ""; count--) {
		const candidate = `${words.slice(0, count).join("_")}_`;
		if (names.every((name) => name.startsWith(candidate))) prefix = candidate;
	}
	const members = type.values.map(({ name, val }) => `\t${name.slice(prefix.length)}: ${val},`);
	return `export const ${pascal(type.name)} = {\n${members.join("\n")}\n} as const;`;
}

/** Pairs of a record's type and its struct, from the variables of wire.bpf.c. */
function records() {
	return [...byId.values()].flatMap(({ kind, name, type_id }) => {
		const type = kind === "VAR" ? name.match(/^record_WIRE_(\w+)$/)?.[1] : undefined;
		return type === undefined ? [] : [[type, byId.get(byId.get(type_id).type_id).name]];
	});
}

function defines() {
	const header = readFileSync(join(here, "wire.h"), "utf8");
	const pattern = /^#define (WIRE_\w+) +(\(?[0-9a-fx* ]+\)?)u?(?:\s|$)/gm;
	return [...header.matchAll(pattern)].map(([, name, value]) => {
		const number = value
			.replace(/[()]/g, "")
			.split("*")
			.reduce((product, factor) => product * Number(factor), 1);
		return `export const ${name} = ${number};`;
	});
}

const list = (lines) => lines.join("\n");

function layoutSource() {
	const types = [...byId.values()];
	const structs = types.filter((type) => type.kind === "STRUCT" && type.name.startsWith("wire_"));
	const enums = types.filter((type) => type.kind === "ENUM" && type.name.startsWith("wire_"));
	return `${[
		"// Generated by bpf/wire/generate.mjs from the BTF of bpf/wire/wire.h. Do not edit.",
		'import { commAt, counterAt, textAt } from "./fields.ts";',
		list(defines()),
		...enums.map(enumText),
		`/** sizeof of every struct, to compare with what the addon was compiled with. */\nexport const WIRE_SIZES = {\n${list(
			structs.map((struct) => `\t${struct.name}: ${struct.size},`),
		)}\n} as const;`,
		`/** Every field behind the head, for encoders. */\nexport const WIRE_FIELDS = {\n${list(structs.map(layoutText))}\n} as const;`,
		`/** The struct of every type of record, and where the length of the text behind it stands. */\nexport const WIRE_RECORDS = {\n${list(
			records().map(shapeText),
		)}\n} as const;`,
		...structs.map(readers),
	].join("\n\n")}\n`;
}

const source = layoutSource();
if (!process.argv.includes("--check")) {
	writeFileSync(target, source);
} else if (readFileSync(target, "utf8") !== source) {
	console.error("src/model/wire/layout.gen.ts differs from bpf/wire/wire.h: run node bpf/wire/generate.mjs");
	process.exit(1);
}
