import { expect, test } from "vitest";
import { editPrompt, openPrompt, readFilter } from "../../../src/ui/state/prompt.ts";

const typed = (...keys: string[]) => keys.reduce(editPrompt, openPrompt("filter", { filter: null, search: null }));
const type = (text: string) => typed(...Array.from(text, (key) => (key === " " ? "space" : key)));

test("typing, moving and deleting edit the text", () => {
	expect(type("comm = sh").text).toBe("comm = sh");
	expect(typed("a", "c", "left", "b", "end", "d").text).toBe("abcd");
	expect(typed("a", "b", "backspace", "c").text).toBe("ac");
	expect(typed("a", "b", "home", "delete").text).toBe("b");
	expect(typed("a", "b", "ctrl-u").text).toBe("");
	expect(editPrompt(type("pid = 1"), "ctrl-w").text).toBe("pid = ");
});

test("a surrogate pair is one step and one deletion", () => {
	expect(typed("a", "😀", "backspace").text).toBe("a");
	expect(typed("😀", "left", "a").text).toBe("a😀");
});

test("other keys do nothing", () => {
	expect(typed("a", "f5", "pageup", "ctrl-x").text).toBe("a");
});

test("a mistake is shown with its column while typing, and gone when it is corrected", () => {
	const wrong = type("nosuch = 1");
	expect(wrong.mistake?.column).toBe(1);
	expect(wrong.mistake?.message).toContain("nosuch");
	expect(type("pid = 1").mistake).toBeNull();
	expect(type("").mistake).toBeNull();
});

test("blanks are no filter; digits and words are one", () => {
	expect(readFilter("  ")).toBeNull();
	expect(readFilter("812")).not.toBeNull();
	expect(readFilter("nginx")).not.toBeNull();
	expect(readFilter("(")).toBeNull();
});
