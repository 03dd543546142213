/** Kernels that restrict or refuse BPF: what is possible is shown, or one sentence says why not. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Snapshot } from "../../src/model/snapshot.ts";
import { describeLive } from "../helpers/live-session.ts";
import { startEbtop } from "../helpers/run-ebtop.ts";
import { expectDd, watchDd } from "../helpers/watch-dd.ts";

const LOCKDOWN = "/sys/kernel/security/lockdown";
const withoutBtf = ["unshare", "-m", "sh", "-c", 'mount -t tmpfs none /sys/kernel/btf && exec "$@"', "sh"];

/** With BPF; without it, the sentence that says why. */
async function whyNoBpf(launcher: readonly string[] = []): Promise<string | null> {
	const { status, stdout, stderr } = await startEbtop(["--once", "--json", "--require-bpf"], launcher).ended;
	if (status === 0) {
		expect(stderr).toBe("");
		return null;
	}
	expect([status, stdout]).toEqual([3, ""]);
	return stderr;
}

/** From /proc then, with the sentence in the header. */
async function expectProc(sentence: string, launcher: readonly string[] = []): Promise<void> {
	const { status, stdout, stderr } = await startEbtop(["--once", "--json"], launcher).ended;
	expect([status, stderr]).toEqual([0, ""]);
	const snapshot: Snapshot = JSON.parse(stdout);
	expect(snapshot.processes.length).toBeGreaterThan(2);
	const fork = snapshot.health.probes.find(({ probe }) => probe === "process");
	expect(fork).toMatchObject({ variant: "procfs", reason: expect.stringContaining(sentence) });
}

describeLive("a kernel without BTF", () => {
	test("one sentence, and /proc", async () => {
		const sentence = "This kernel has no BTF (/sys/kernel/btf/vmlinux); a kernel with CONFIG_DEBUG_INFO_BTF is needed.";
		expect(await whyNoBpf(withoutBtf)).toBe(`ebtop: ${sentence}\n`);
		await expectProc(sentence, withoutBtf);
	});
});

describeLive("a kernel that refuses the programs", () => {
	test("the reason is that of the refusal, also in the probes", async () => {
		const limited = (files: number) => ["prlimit", `--nofile=${files}:${files}`];
		const fewFiles = limited(48);
		const sentence =
			"The kernel refuses ebtop's BPF programs: Too many open files; run ebtop --source proc to do without them.";
		// Which map or program is the first without a file depends on the kernel; with 36 and 57 it is task storage on 6.18.
		for (const files of [36, 48, 57]) expect(await whyNoBpf(limited(files))).toBe(`ebtop: ${sentence}\n`);
		await expectProc(sentence, fewFiles);
		const { status, stdout } = await startEbtop(["--probes", "--json"], fewFiles).ended;
		expect(status).toBe(0);
		const { bpf, reason, probes } = JSON.parse(stdout);
		expect([bpf, reason]).toEqual([false, sentence]);
		for (const probe of probes) expect(probe).toMatchObject({ state: "off", reason: sentence });
	});
});

/** Lockdown cannot be undone, so only guests test it, in a separate run at the end. */
const mayLockDown = process.env.EBTOP_TEST_LOCKDOWN !== undefined;

describe.skipIf(!mayLockDown)(`lockdown${mayLockDown ? "" : " (only in guests: scripts/guest/tests.sh)"}`, () => {
	const lockDown = (level: string) => {
		writeFileSync(LOCKDOWN, level);
		expect(readFileSync(LOCKDOWN, "utf8")).toContain(`[${level}]`);
	};

	test("integrity: every probe is there, and counts are right", async () => {
		const probes = async () => JSON.parse((await startEbtop(["--probes", "--json"]).ended).stdout).probes;
		const before = await probes();
		lockDown("integrity");
		expect(await probes()).toEqual(before);
		const folder = mkdtempSync(join(tmpdir(), "eb-"));
		const path = join(folder, "eb-file");
		try {
			expectDd(await watchDd([], path), path);
		} finally {
			rmSync(folder, { recursive: true });
		}
	});

	test("confidentiality: one sentence, and /proc", async () => {
		lockDown("confidentiality");
		const sentence =
			"This kernel is locked down so that no BPF program may read its memory; lockdown=integrity on its command " +
			"line would be enough, instead of confidentiality.";
		expect(await whyNoBpf()).toBe(`ebtop: ${sentence}\n`);
		await expectProc(sentence);
	});
});
