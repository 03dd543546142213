// `npm run pack:all`: the packages are installed, run and removed without a checkout, a compiler or npm.
import { execFileSync, spawnSync } from "node:child_process";
import {
	appendFileSync,
	cpSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CleanRoot } from "./clean-root.ts";

const top = fileURLToPath(new URL("../..", import.meta.url));
const { version } = JSON.parse(readFileSync(join(top, "package.json"), "utf8"));
const folder = mkdtempSync(join(tmpdir(), "eb-packages-"));
const PATIENCE_MS = 900_000; // Node is copied and packed many times
const env = { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", SOURCE_DATE_EPOCH: "1790000000" };
const pack = (into: string) =>
	execFileSync(process.execPath, [join(top, "scripts/pack.mjs"), join(folder, into), "--quick"], { cwd: "/", env });
const packages = (into = "first") => readdirSync(join(folder, into)).sort();
const [deb, tarball] = [/\.deb$/, /\.tar\.gz$/].map((end) => () => {
	const name = packages().find((file) => end.test(file));
	return join(folder, "first", name ?? "none");
}) as [() => string, () => string];

/** Runs the program in an empty environment; returns what it prints. */
const run = (program: string, ...args: string[]) =>
	execFileSync(program, args, { cwd: "/", env: { PATH: env.PATH }, encoding: "utf8", maxBuffer: 64 << 20 });

beforeAll(() => {
	pack("first");
}, PATIENCE_MS);
afterAll(() => rmSync(folder, { recursive: true }));

it("makes one package of each kind, with sums that are right", () => {
	expect(packages()).toHaveLength(6);
	const sums = execFileSync("sha256sum", ["--check", "SHA256SUMS"], { cwd: join(folder, "first"), encoding: "utf8" });
	expect(sums.match(/: OK/g)).toHaveLength(5);
});

it("lists what is in them", () => {
	const name = packages().find((file) => file.endsWith(".spdx.json")) ?? "none";
	const { packages: parts } = JSON.parse(readFileSync(join(folder, "first", name), "utf8")) as {
		packages: { name: string; versionInfo: string; SPDXID: string; licenseDeclared?: string }[];
	};
	const names = parts.map((part) => part.name);
	expect(names).toEqual(expect.arrayContaining(["ebtop", "ink", "react", "libbpf-dev", "node-addon-api"]));
	expect(names.filter((each) => each.startsWith("node-linux-"))).toHaveLength(1);
	expect(new Set(parts.map(({ SPDXID }) => SPDXID)).size).toBe(parts.length);
	expect(parts.filter(({ licenseDeclared, versionInfo }) => !licenseDeclared || !versionInfo)).toEqual([]);
});

it("makes the same bytes of the same sources", { timeout: PATIENCE_MS }, () => {
	pack("second");
	const sums = (into: string) => readFileSync(join(folder, into, "SHA256SUMS"), "utf8");
	expect(sums("second")).toBe(sums("first"));
});

it.skipIf(process.getuid?.() !== 0)(
	"npm installs it without a compiler, a network and scripts",
	{ timeout: PATIENCE_MS },
	() => {
		const clean = new CleanRoot(join(folder, "clean"));
		clean.addNpm();
		const archives = packages().filter((name) => name.endsWith(".tgz"));
		for (const name of archives) cpSync(join(folder, "first", name), join(clean.root, "packages", name));
		const read = (...words: string[]) => execFileSync("tar", words, { cwd: join(folder, "first"), encoding: "utf8" });
		for (const name of archives) {
			expect(read("-tzf", name)).not.toContain("binding.gyp");
			expect(JSON.parse(read("-xzOf", name, "package/package.json"))).not.toHaveProperty("scripts");
		}

		expect(clean.run("command -v cc gcc g++ clang make python3").stdout).toBe("");
		expect(clean.run("npm install --global --offline /packages/*.tgz")).toMatchObject({ status: 0, stderr: "" });
		expect(clean.run("ebtop --version")).toMatchObject({ status: 0, stdout: `ebtop ${version}\n` });
		expect(JSON.parse(clean.run("ebtop --demo --once --json").stdout).host).toBe("demo");
		const snapshot = JSON.parse(clean.run("ebtop --once --json").stdout);
		expect(snapshot.processes.length).toBeGreaterThan(0);

		expect(clean.run("npm uninstall --global ebtop @ebtop/linux-x64 @ebtop/linux-arm64").status).toBe(0);
		expect(clean.has("usr/local/lib/node_modules/ebtop")).toBe(false);
		clean.run("npm install --global --offline --omit=optional /packages/ebtop-[0-9]*.tgz");
		expect(clean.run("ebtop --version")).toMatchObject({
			status: 1,
			stderr: expect.stringMatching(/^ebtop: Its npm package @ebtop\/linux-x64 .* is missing: install ebtop again/),
		});
	},
);

it("the tarball runs where it is unpacked", { timeout: PATIENCE_MS }, () => {
	const place = join(folder, "unpacked");
	mkdirSync(place);
	execFileSync("tar", ["-xzf", tarball(), "-C", place, "--no-same-owner"]);
	const program = join(place, `ebtop-${version}`, "bin/ebtop");
	expect(run(program, "--version")).toBe(`ebtop ${version}\n`);
	const snapshot = JSON.parse(run(program, "--once", "--json", "--source", "proc"));
	expect(snapshot.processes.length).toBeGreaterThan(0);
});

describe.skipIf(process.getuid?.() !== 0)("the Debian package", () => {
	const SERVICE_PLACES = {
		"ebtop.service": "usr/lib/systemd/system/ebtop.service",
		"ebtop.sysusers": "usr/lib/sysusers.d/ebtop.conf",
	};
	const users = ["getent", "groupadd", "useradd", "userdel", "groupdel", "mkdir"];
	/** A new root directory, and dpkg for it. It has none of the dependencies' packages, only their files. */
	function debianRoot(name: string) {
		const clean = new CleanRoot(join(folder, name), users);
		rmSync(join(clean.root, "usr/bin/node"));
		const admin = join(clean.root, "var/lib/dpkg");
		for (const each of ["info", "updates", "triggers"]) mkdirSync(join(admin, each), { recursive: true });
		writeFileSync(join(admin, "status"), "");
		const dpkg = (...args: string[]) =>
			spawnSync("dpkg", [`--root=${clean.root}`, "--log=/dev/null", "--force-depends", ...args], {
				encoding: "utf8",
				env: { ...env, DEBIAN_FRONTEND: "noninteractive" },
			});
		const usersNow = () => readFileSync(join(clean.root, "etc/passwd"), "utf8").match(/^[^:]+/gm);
		const groupsNow = () => readFileSync(join(clean.root, "etc/group"), "utf8").match(/^[^:]+/gm);
		return { clean, dpkg, usersNow, groupsNow };
	}

	it("is installed, runs and leaves nothing behind", { timeout: PATIENCE_MS }, () => {
		const { clean, dpkg, usersNow, groupsNow } = debianRoot("debian");
		const installed = dpkg("--install", deb());
		expect([installed.status, installed.stdout]).toEqual([0, expect.stringContaining(`Setting up ebtop (${version})`)]);
		expect(clean.run("ebtop --version")).toMatchObject({ status: 0, stdout: `ebtop ${version}\n` });
		expect(JSON.parse(clean.run("ebtop --once --json").stdout).processes.length).toBeGreaterThan(0);
		for (const file of ["usr/share/man/man1/ebtop.1.gz", "usr/share/doc/ebtop/copyright"])
			expect(clean.has(file), file).toBe(true);
		for (const [name, path] of Object.entries(SERVICE_PLACES))
			expect(clean.has(path), path).toBe(existsSync(join(top, "share", name)));
		expect([usersNow(), groupsNow()]).toEqual([
			["root", "ebtop"],
			["root", "ebtop"],
		]);
		expect(dpkg("--remove", "ebtop").status).toBe(0);
		for (const path of ["usr/lib/ebtop", "usr/bin/ebtop", "usr/share"]) expect(clean.has(path), path).toBe(false);
		// The service's files may belong to the user until the purge.
		expect(usersNow()).toContain("ebtop");
		expect(dpkg("--purge", "ebtop").status).toBe(0);
		expect([usersNow(), groupsNow()]).toEqual([["root"], ["root"]]);
		expect(clean.has("var/lib/ebtop-package")).toBe(false);
	});

	it("leaves a group that was there before", { timeout: PATIENCE_MS }, () => {
		const { clean, dpkg, usersNow, groupsNow } = debianRoot("with-group");
		appendFileSync(join(clean.root, "etc/group"), "ebtop:x:812:\n");
		expect(dpkg("--install", deb()).status).toBe(0);
		expect(dpkg("--purge", "ebtop").status).toBe(0);
		expect([usersNow(), groupsNow()]).toEqual([["root"], ["root", "ebtop"]]);
	});
});
