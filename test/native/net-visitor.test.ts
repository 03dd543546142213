/** Visits to other network namespaces: without a thread, without the capability; always returns to its own. */

import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readlinkSync, rmSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compileNative } from "../helpers/compile-native.ts";
import { until } from "../helpers/workload.ts";

const isRoot = process.getuid?.() === 0;

let folder: string;
let program: string;
let other: ReturnType<typeof spawn>;

beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), "eb-"));
	program = compileNative("net-visitor", ["net-visitor"], "-D_GNU_SOURCE", "-pthread", "-ldl");
	other = spawn("unshare", ["--net", "sleep", "60"], { stdio: "ignore" });
	if (isRoot) await until("the namespace", () => networkOf(other.pid as number) !== networkOf("self"));
});
afterAll(() => {
	other.kill();
	rmSync(folder, { recursive: true, force: true });
});

const networkOf = (pid: number | "self") => readlinkSync(`/proc/${pid}/ns/net`);

function visits(...launcher: string[]): string[] {
	const [command = program, ...words] = [...launcher, program, String(other.pid), String(process.pid), "4194303"];
	return execFileSync(command, words, { encoding: "utf8" }).trim().split("\n");
}

describe.skipIf(!isRoot)(isRoot ? "as root" : "as root (skipped: it is not)", () => {
	test("failing to create a thread is an error of that visit; the next one gets there and back", () => {
		const there = `0 0 ${other.pid}`;
		expect(visits()).toEqual([`${constants.errno.EAGAIN} 0`, there, there, "thrown"]);
	});

	test("namespaces that it may not enter are counted", () => {
		const lines = visits("setpriv", "--bounding-set=-sys_admin", "--inh-caps=-sys_admin");
		expect(lines).toEqual([`${constants.errno.EAGAIN} 0`, "0 2", "0 2"]);
	});
});
