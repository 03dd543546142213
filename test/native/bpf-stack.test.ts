// Kernels refuse a program whose functions together may take more than 512 bytes of stack. Newer ones round less, and those that this
// machine does not run refuse what it takes: so the objects are read here as Linux 5.10 to 6.1 count (check_max_stack_depth()).
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const MOST_BYTES = 512;
const MOST_FUNCTIONS = 8;
const ROUND = 32;

/** Programs for following, which needs Linux 5.17. */
const NOT_IN_OLD = /^ebtop_(follow|born|joined|called|told|obeyed|cg_)/;

const SYMTAB = 2;
const REL = 9;
const FUNC = 2;
const FRAME_POINTER = 10;

interface BpfFunction {
	readonly name: string;
	readonly isProgram: boolean;
	readonly section: number;
	readonly at: number;
	readonly bytes: DataView;
}

/** The parts of an ELF file of 64 bits that are needed here. */
class BpfObject {
	readonly functions: BpfFunction[] = [];
	/** By section and offset in it: the place that an instruction refers to. */
	readonly #targets = new Map<string, { section: number; value: number }>();
	readonly #byPlace = new Map<string, BpfFunction>();

	constructor(path: string) {
		const file = readFileSync(path);
		const [table, size, count] = [Number(file.readBigUInt64LE(0x28)), file.readUInt16LE(0x3a), file.readUInt16LE(0x3c)];
		const sections = Array.from({ length: count }, (_, index) => {
			const at = table + index * size;
			const [offset, length] = [Number(file.readBigUInt64LE(at + 0x18)), Number(file.readBigUInt64LE(at + 0x20))];
			const [type, link, info] = [at + 4, at + 0x28, at + 0x2c].map((field) => file.readUInt32LE(field));
			return { type, link, info, bytes: file.subarray(offset, type === 8 ? offset : offset + length) };
		});
		const symtab = sections.find(({ type }) => type === SYMTAB);
		if (symtab === undefined) throw new Error(`${path} has no symbols`);
		const names = sections[symtab.link as number]?.bytes ?? Buffer.alloc(0);
		const symbols = Array.from({ length: symtab.bytes.length / 24 }, (_, index) => {
			const symbol = symtab.bytes.subarray(index * 24, index * 24 + 24);
			const name = symbol.readUInt32LE(0);
			return {
				name: names.toString("latin1", name, names.indexOf(0, name)),
				isFunction: (symbol.readUInt8(4) & 15) === FUNC,
				section: symbol.readUInt16LE(6),
				value: Number(symbol.readBigUInt64LE(8)),
				size: Number(symbol.readBigUInt64LE(16)),
			};
		});
		for (const { name, isFunction, section, value, size: length } of symbols) {
			const code = sections[section]?.bytes;
			if (!isFunction || code === undefined) continue;
			const bytes = new DataView(code.buffer, code.byteOffset + value, length);
			const found = { name, isProgram: name.startsWith("ebtop_"), section, at: value, bytes };
			this.functions.push(found);
			this.#byPlace.set(`${section} ${value}`, found);
		}
		for (const { type, info, bytes } of sections)
			for (let at = 0; type === REL && at < bytes.length; at += 16) {
				const symbol = symbols[bytes.readUInt32LE(at + 12)];
				if (symbol !== undefined && symbol.section !== 0)
					this.#targets.set(`${info} ${bytes.readBigUInt64LE(at)}`, symbol);
			}
	}

	/** The functions that it calls or passes to a helper, and the bytes of its own stack. */
	study({ section, at, bytes }: BpfFunction): { callees: Set<BpfFunction>; stack: number } {
		const callees = new Set<BpfFunction>();
		const inFrame = new Set<number>();
		let deepest = 0;
		for (let here = 0; here < bytes.byteLength; here += 8) {
			const [code, registers] = [bytes.getUint8(here), bytes.getUint8(here + 1)];
			const [to, from] = [registers & 15, registers >> 4];
			const [offset, value] = [bytes.getInt16(here + 2, true), bytes.getInt32(here + 4, true)];
			const target = this.#targets.get(`${section} ${at + here}`);
			const kind = code & 7;
			if (kind === 1 && from === FRAME_POINTER) deepest = Math.min(deepest, offset);
			if ((kind === 2 || kind === 3) && to === FRAME_POINTER) deepest = Math.min(deepest, offset);
			if (code === 0x07 && inFrame.has(to)) deepest = Math.min(deepest, value);
			if (code === 0xbf && from === FRAME_POINTER) inFrame.add(to);
			else if ([0, 1, 4, 7].includes(kind)) inFrame.delete(to);
			let place: string | null = null;
			if (code === 0x85 && target !== undefined) place = `${target.section} ${target.value + (value + 1) * 8}`;
			else if (code === 0x85 && from === 1 && value !== -1) place = `${section} ${at + here + (value + 1) * 8}`;
			else if (code === 0x18 && target !== undefined) place = `${target.section} ${target.value + value}`;
			const callee = place === null ? undefined : this.#byPlace.get(place);
			if (callee !== undefined) callees.add(callee);
			else if (code === 0x85 && place !== null) throw new Error(`no function is at ${place}`);
		}
		return { callees, stack: -deepest };
	}
}

/** The chain of calls that takes most, longest first: "512: ebtop_sys_exit 96, use_of 96". */
function deepestChains(object: BpfObject) {
	const known = new Map<BpfFunction, { bytes: number; functions: number; text: string }>();
	const chainFrom = (each: BpfFunction): { bytes: number; functions: number; text: string } => {
		const before = known.get(each);
		if (before !== undefined) return before;
		const { callees, stack } = object.study(each);
		const own = Math.ceil(Math.max(stack, 1) / ROUND) * ROUND;
		const below = [...callees].map(chainFrom);
		const deepest = below.toSorted((one, other) => other.bytes - one.bytes)[0];
		const chain = {
			bytes: own + (deepest?.bytes ?? 0),
			functions: 1 + Math.max(0, ...below.map(({ functions }) => functions)),
			text: `${each.name} ${own}${deepest === undefined ? "" : `, ${deepest.text}`}`,
		};
		known.set(each, chain);
		return chain;
	};
	return object.functions.filter(({ isProgram }) => isProgram).map(chainFrom);
}

test.each(["ebtop", "ebtop-old"])("no program of %s takes more stack than older kernels allow", (name) => {
	const object = new BpfObject(fileURLToPath(new URL(`../../build/bpf/${name}.bpf.o`, import.meta.url)));
	const chains = deepestChains(object);
	// The longest that is loaded on all kernels.
	const exit = chains.find(({ text }) => text.startsWith("ebtop_sys_exit "));
	expect(exit?.text).toMatch(/ use_of .* announce .* birth_of /);
	const loaded = name === "ebtop" ? chains : chains.filter(({ text }) => !NOT_IN_OLD.test(text));
	const refused = loaded.filter(({ bytes, functions }) => bytes > MOST_BYTES || functions > MOST_FUNCTIONS);
	expect(refused.map(({ bytes, functions, text }) => `${bytes} bytes in ${functions} functions: ${text}`)).toEqual([]);
});
