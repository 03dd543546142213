import { describe, expect, test } from "vitest";
import { createInputDecoder, type InputEvent } from "../../src/ui/input/decode-input.ts";

const decode = (...chunks: (string | Uint8Array)[]): InputEvent[] => {
	const decoder = createInputDecoder();
	return chunks.flatMap((chunk) => decoder.push(Buffer.from(chunk)));
};
const keys = (...chunks: (string | Uint8Array)[]) =>
	decode(...chunks).map((event) => {
		if (event.type === "paste") return `"${event.text}"`;
		return event.type === "key" ? event.key : event.action;
	});

test.each([
	["\x1b[A", "up"],
	["\x1bOA", "up"],
	["\x1b[5~", "pageup"],
	["\x1b[H", "home"],
	["\x1b[4~", "end"],
	["\x1b[Z", "shift-tab"],
	["\x1bOP", "f1"],
	["\x1b[[A", "f1"],
	["\x1b[11~", "f1"],
	["\x1b[17~", "f6"],
	["\x1b[21~", "f10"],
	["\r", "enter"],
	["\t", "tab"],
	[" ", "space"],
	["\x7f", "backspace"],
	["\x03", "ctrl-c"],
	["\x04", "ctrl-d"],
	["j", "j"],
	["é", "é"],
])("%j is the key %s", (bytes, key) => {
	expect(keys(bytes)).toEqual([key]);
});

test("several keys in one read stay apart", () => {
	expect(keys("jj\x1b[B\x1b[Bq")).toEqual(["j", "j", "down", "down", "q"]);
});

test("a sequence that arrives in pieces is one key", () => {
	expect(keys("\x1b", "[", "1", "7~")).toEqual(["f6"]);
	expect(keys("\x1b[<0;12", ";5M")).toEqual(["press"]);
});

test("a character that arrives in pieces is one key", () => {
	expect(keys(Uint8Array.of(0xc3), Uint8Array.of(0xa9))).toEqual(["é"]);
});

describe("Esc", () => {
	test("alone waits for what may follow, and is then the key Esc", () => {
		const decoder = createInputDecoder();
		expect(decoder.push(Buffer.from("\x1b"))).toEqual([]);
		expect(decoder.waitsFor()).toBe("sequence");
		expect(decoder.flush()).toEqual([{ type: "key", key: "esc" }]);
		expect(decoder.waitsFor()).toBe(null);
	});

	test("twice is twice", () => {
		const decoder = createInputDecoder();
		const events = [...decoder.push(Buffer.from("\x1b\x1b")), ...decoder.flush()];
		expect(events).toEqual([
			{ type: "key", key: "esc" },
			{ type: "key", key: "esc" },
		]);
	});
});

test("an unknown sequence is ignored, and does not swallow the next key", () => {
	expect(keys("\x1b[99~j")).toEqual(["j"]);
	expect(keys("\x1b[?1;2cj")).toEqual(["j"]);
});

test("bytes that never become a sequence are not held back", () => {
	expect(keys(`\x1b[${"0".repeat(70)}`, "j").at(-1)).toBe("j");
	expect(keys(`\x1b[<${"9".repeat(20)};1;1M`, "j")).toEqual(["j"]);
});

test.each([
	[0x00, "ctrl-@"],
	[0x1c, "ctrl-\\"],
	[0x1d, "ctrl-]"],
	[0x1e, "ctrl-^"],
	[0x1f, "ctrl-_"],
])("the control character %i is the key %s", (code, key) => {
	expect(keys(Uint8Array.of(code))).toEqual([key]);
});

describe("what is pasted", () => {
	test("is one text, whatever keys its characters are", () => {
		expect(keys("j\x1b[200~q\x1b[A\rq\x1b[201~k")).toEqual(["j", '"q\x1b[A\rq"', "k"]);
	});

	test("may come in pieces, its marks too", () => {
		expect(keys("\x1b[20", "0~qq", "q\x1b[2", "01~", "j")).toEqual(['"qqq"', "j"]);
	});

	test("ends where nothing more comes", () => {
		const decoder = createInputDecoder();
		expect(decoder.push(Buffer.from("\x1b[200~quit"))).toEqual([]);
		expect(decoder.waitsFor()).toBe("end of paste");
		expect(decoder.flush()).toEqual([{ type: "paste", text: "quit" }]);
		expect(decoder.push(Buffer.from("j"))).toEqual([{ type: "key", key: "j" }]);
	});

	test("is cut where it is longer than any prompt", () => {
		expect(keys(`\x1b[200~${"q".repeat(100_000)}\x1b[201~j`)).toEqual([`"${"q".repeat(4096)}"`, "j"]);
	});
});

describe("the mouse", () => {
	test("is never outside of the terminal", () => {
		expect(decode("\x1b[<0;0;0M\x1b[<0;1;999999M")).toEqual([]);
	});

	test("counts from 0, beyond column 223 too", () => {
		expect(decode("\x1b[<0;250;61M")).toEqual([{ type: "mouse", action: "press", x: 249, y: 60 }]);
	});

	test("tells the wheel from a button, and says nothing when one is let go", () => {
		expect(
			decode("\x1b[<64;1;1M\x1b[<65;1;1M\x1b[<0;1;1m\x1b[<2;1;1M").map(
				(event) => event.type === "mouse" && event.action,
			),
		).toEqual(["wheel-up", "wheel-down"]);
	});
});
