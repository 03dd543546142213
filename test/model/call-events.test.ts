/** Events of calls: addresses, mounts, traces, capabilities; and of the out-of-memory killer. */

import { expect, test } from "vitest";
import { WireEvent, WireNameKind, WireType } from "../../src/model/wire/layout.gen.ts";
import { Scenario } from "../helpers/scenario.ts";
import { record } from "../helpers/wire-encode.ts";

const shell = { pid: 100, start: 5_000_000_000n };
const { BIND, CONNECT_FAILED, MOUNT, PTRACE, BPF_LOAD, SETUID, CAPSET, MODULE_LOAD, SECCOMP_REFUSED, SLEEP, LOOKUP } =
	WireEvent;

/** A call whose text is raw bytes. */
function withBytes(
	scenario: Scenario,
	fields: Parameters<Scenario["callEvent"]>[1],
	bytes: readonly number[],
): Scenario {
	const text = Buffer.from(bytes).toString("latin1");
	return scenario.add(
		record(WireType.CALL_EVENT, "wire_call_event", scenario.head(shell), { ...fields, name_len: bytes.length }, text),
	);
}

test("addresses of each family, and results of connect that are not failures", () => {
	const scenario = new Scenario().process(shell);
	const v4 = [2, 0, 0, 0, 127, 0, 0, 1];
	withBytes(scenario, { event: BIND, nr: 49, other: 8080 }, v4);
	withBytes(scenario, { event: BIND, nr: 49 }, [1, 0, 0, 0x65, 0x62]);
	withBytes(scenario, { event: BIND, nr: 49 }, [16, 0, 0, 0]);
	withBytes(scenario, { event: BIND, nr: 49 }, [2]);
	for (const error of [-115, -111, -101]) withBytes(scenario, { event: CONNECT_FAILED, nr: 42, error }, v4);
	withBytes(scenario, { event: CONNECT_FAILED, nr: 42, error: -111 }, [1, 0, 0x2f, 0x61, 0]);
	expect(scenario.tick().events.map(({ type, text }) => [type, text])).toEqual([
		["bind", "127.0.0.1:8080"],
		["bind", "@eb"],
		["bind", "an address of another family"],
		["bind", "an address of another family"],
		["connect-failed", "to 127.0.0.1:0: ENETUNREACH"],
		["connect-failed", "to /a: ECONNREFUSED"],
	]);
});

test("calls that seccomp refused are counted for the process, one row may stand for several", () => {
	const scenario = new Scenario().process(shell, { seccomp: 2, seccomp_filters: 3 });
	scenario.add(record(WireType.PROBE, "wire_probe", scenario.head(), { probe: "seccomp", state: 1 }));
	scenario.callEvent(shell, { event: SECCOMP_REFUSED, nr: 167, error: -1, flags: 2, other: 13 }, []);
	scenario.callEvent(shell, { event: SECCOMP_REFUSED, nr: 170, flags: 3, other: 4 }, []);
	const { events, processes } = scenario.tick();
	expect(events.map(({ type, text, data }) => [type, text, data])).toEqual([
		["seccomp-refused", "swapon: EPERM", { call: "swapon", error: "EPERM", isKilled: false }],
		["seccomp-refused", "sethostname: killed", { call: "sethostname", error: null, isKilled: true }],
	]);
	expect(processes[0]).toMatchObject({ seccomp: "filter", seccompFilters: 3, seccompRefused: 17 });
});

test("calls that change capabilities or inspect other processes", () => {
	const scenario = new Scenario().process(shell);
	scenario.callEvent(shell, { event: MOUNT, nr: 165 }, ["tmpfs", "/root", "mnt", "/root"]);
	scenario.callEvent(shell, { event: MOUNT, nr: 166 }, ["mnt", "/root"]);
	scenario.callEvent(shell, { event: PTRACE, nr: 101, flags: 16, other: 4711 }, []);
	scenario.callEvent(shell, { event: PTRACE, nr: 101, flags: 0, other: 99 }, []);
	scenario.callEvent(shell, { event: PTRACE, nr: 101, flags: 24 }, []);
	scenario.callEvent(shell, { event: BPF_LOAD, nr: 321, flags: 5, other: 26 }, ["eb_prog", ""]);
	scenario.callEvent(shell, { event: SETUID, nr: 105, flags: 33, other: 34 }, []);
	scenario.callEvent(shell, { event: CAPSET, nr: 126, flags: 0x20, other: 1 }, []);
	scenario.callEvent(shell, { event: MODULE_LOAD }, ["eb_module"]);
	expect(scenario.tick().events.map(({ type, data }) => [type, data])).toEqual([
		["mount", { call: "mount", source: "tmpfs", path: "/root/mnt" }],
		["mount", { call: "umount2", source: null, path: "/root/mnt" }],
		["ptrace", { request: "attach", tracedPid: 4711 }],
		["ptrace", { request: "traceme", tracedPid: 0 }],
		["bpf-load", { name: "eb_prog", programType: 26 }],
		["setuid", { call: "setuid", uid: 33, gid: 34 }],
		["capset", { effective: "0000000100000020" }],
		["module-load", { name: "eb_module" }],
	]);
});

test("sleeps: how long each was to take and took, and what a clock that is not read leaves unknown", () => {
	const scenario = new Scenario().process(shell);
	const sleep = { event: SLEEP, nr: 230, took_ns: 17_000_499, asked_ns: 13_000_000 };
	scenario.callEvent(shell, { ...sleep, other: 1 }, []);
	scenario.callEvent(shell, { ...sleep, error: -4 }, []);
	const call = "clock_nanosleep";
	expect(scenario.tick().events.map(({ type, text, data }) => [type, text, data])).toEqual([
		["sleep", "slept 17 of 13 ms", { call, requestedMs: 13, sleptMs: 17, isInterrupted: false }],
		["sleep", "slept 17 ms, interrupted", { call, requestedMs: null, sleptMs: 17, isInterrupted: true }],
	]);
});

test("look-ups of host names: results of getaddrinfo and of the older functions", () => {
	const scenario = new Scenario().process(shell);
	const look = (name: string, fields: Parameters<Scenario["callEvent"]>[1]) =>
		scenario.callEvent(shell, { event: LOOKUP, took_ns: 1_500_000, ...fields }, [name, ""]);
	look("eb.example", {});
	look("eb.invalid", { error: -2 });
	look("eb.strange", { error: -77 });
	look("eb.old", { other: 1 });
	look("eb.gone", { other: 1, error: -1 });
	expect(scenario.tick().events.map(({ type, text, data }) => [type, text, data])).toEqual(
		[
			["eb.example", "found"],
			["eb.invalid", "EAI_NONAME"],
			["eb.strange", "error -77"],
			["eb.old", "found"],
			["eb.gone", "not found"],
		].map(([name, result]) => ["lookup", `${name}: ${result} in 1.5 ms`, { name, latencyMs: 1.5, result }]),
	);
});

test("an OOM kill names the cgroup whose limit was hit; without one, the machine's memory was full", () => {
	const scenario = new Scenario().process(shell, { comm: "eb-victim" });
	const path = "/eb-group";
	const name = { id: 77n, kind: WireNameKind.CGROUP, len: path.length };
	scenario.add(record(WireType.NAME, "wire_name", scenario.head(), name, path));
	const killed = { trigger_pid: 7, trigger_comm: "eb-greedy", rss_bytes: 4096, score_adjust: -17 };
	const full = { ...killed, virtual_bytes: 8192, cgroup: 77n, limit_bytes: 5 << 20, usage_bytes: 5 << 20 };
	scenario.add(record(WireType.OOM, "wire_oom", scenario.head(shell), full));
	scenario.add(record(WireType.OOM, "wire_oom", scenario.head(shell), { trigger_pid: 7, trigger_comm: "eb-greedy" }));
	expect(scenario.tick().events.map(({ data }) => data)).toEqual([
		{
			...{ triggerPid: 7, triggerComm: "eb-greedy", rssBytes: 4096, virtualBytes: 8192, scoreAdjust: -17 },
			cgroup: { path, limitBytes: 5 << 20, usageBytes: 5 << 20 },
		},
		{
			...{ triggerPid: 7, triggerComm: "eb-greedy", rssBytes: null, virtualBytes: null, scoreAdjust: null },
			cgroup: null,
		},
	]);
});
