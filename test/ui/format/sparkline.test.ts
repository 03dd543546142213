import { expect, test } from "vitest";
import { sparkline } from "../../../src/format/sparkline.ts";

test("the newest is on the right, what does not fit is dropped on the left", () => {
	expect(sparkline([100, 0, 50, 100], 3, 100, true)).toBe("_=#");
	expect(sparkline([100], 3, 100, true)).toBe("  #");
	expect(sparkline([], 3, 100, true)).toBe("   ");
});

test("without a full scale the largest in view is full", () => {
	expect(sparkline([5, 10], 2, 0, true)).toBe("=#");
	expect(sparkline([0, 0], 2, 0, true)).toBe("__");
});

test("more than full scale stays in the cell", () => {
	expect(sparkline([250, -1], 2, 100, false)).toBe("█▁");
});
