// Every way in which another user could make root run code, open a debugger or leave root's memory on the disk.
import { spawn, spawnSync } from "node:child_process";
import {
	chmodSync,
	chownSync,
	copyFileSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmSync,
	statSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { targetOf } from "../helpers/ground-truth.ts";

const bin = fileURLToPath(new URL("../../bin", import.meta.url));
const addon = createRequire(import.meta.url).resolve("../../build/Release/ebtop.node");
const nodePackage = dirname(dirname(process.execPath));
const isRoot = process.getuid?.() === 0;
const NOBODY = 65534;

let folder: string;
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "eb-doors-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const at = (...path: string[]) => join(folder, ...path);

/** A command that reports that it ran. */
function plantProgram(path: string): void {
	writeFileSync(path, `#!/bin/sh\ntouch ${at("was-run")}\n`, { mode: 0o755 });
}

const plantModule = (path: string) =>
	writeFileSync(path, `require("node:fs").writeFileSync(${JSON.stringify(at("was-run"))}, "")`);

/** The real launcher over a bundle that reports what reached it. */
function checkout(): string {
	const top = at("checkout");
	for (const each of ["", "bin", "dist", "node_modules", "build", "build/Release"]) mkdirSync(join(top, each));
	for (const file of readdirSync(bin)) copyFileSync(join(bin, file), join(top, "bin", file));
	symlinkSync(nodePackage, join(top, "node_modules", `node-linux-${process.arch}`));
	writeFileSync(
		join(top, "dist", "ebtop.js"),
		"() => console.log(JSON.stringify({ env: process.env, title: process.title }))",
	);
	writeFileSync(join(top, "build", "Release", "ebtop.node"), "");
	return join(top, "bin", "ebtop");
}

describe("a running ebtop", () => {
	/** Runs `look` on a live one, then ends it in order. */
	async function watch(look: (pid: number) => void | Promise<void>, end: NodeJS.Signals = "SIGTERM") {
		const words = ["--source", "proc", "--panes", "processes", "--json", "-d", "0.2"];
		const child = spawn(join(bin, "ebtop"), words, { stdio: ["ignore", "pipe", "pipe"], cwd: folder });
		let stdout = "";
		let stderr = "";
		child.stdout.on("data", (bytes) => {
			stdout += bytes;
		});
		child.stderr.on("data", (bytes) => {
			stderr += bytes;
		});
		const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
		const nextLine = () => new Promise((resolve) => child.stdout.once("data", resolve));
		await nextLine();
		await look(child.pid as number);
		const before = stdout.length;
		while (stdout.length === before) await nextLine();
		child.kill(end);
		return { status: await ended, stderr };
	}

	const listens = (pid: number): boolean => {
		const sockets = readdirSync(`/proc/${pid}/fd`).map((fd) => targetOf(`/proc/${pid}/fd/${fd}`));
		const rows = ["tcp", "tcp6"].flatMap((name) => readFileSync(`/proc/${pid}/net/${name}`, "utf8").split("\n"));
		return rows.some((row) => {
			const [, , , state, , , , , , inode] = row.trim().split(/\s+/);
			return state === "0A" && sockets.includes(`socket:[${inode}]`);
		});
	};

	it("opens no debugger on SIGUSR1 and goes on", async () => {
		let isOpen = false;
		const outcome = await watch(async (pid) => {
			process.kill(pid, "SIGUSR1");
			// Node would open it from another thread; once the main thread has handled the next signal, this one has
			// been handled.
			for (let round = 0; round < 20; round++) {
				await new Promise((resolve) => setTimeout(resolve, 20));
				isOpen ||= listens(pid);
			}
		});
		expect(isOpen).toBe(false);
		expect(outcome).toEqual({ status: 0, stderr: "" });
	});
	it("writes no report on SIGUSR2 and goes on", async () => {
		const outcome = await watch((pid) => void process.kill(pid, "SIGUSR2"));
		expect(outcome).toEqual({ status: 0, stderr: "" });
		expect(readdirSync(folder)).toEqual([]);
	});
	it("ends in order on SIGQUIT and leaves no core", async () => {
		expect(await watch(() => {}, "SIGQUIT")).toEqual({ status: 0, stderr: "" });
		expect(readdirSync(folder)).toEqual([]);
	});
	it("may leave no core, and is called ebtop", async () => {
		await watch((pid) => {
			expect(readFileSync(`/proc/${pid}/limits`, "utf8")).toMatch(/^Max core file size +0 +0 /m);
			expect(readFileSync(`/proc/${pid}/comm`, "utf8")).toBe("ebtop\n");
		});
	});
	it.skipIf(!isRoot)("protects its memory from its own user if it can see more than that user may", async () => {
		const load = `process.dlopen({ exports: {} }, ${JSON.stringify(addon)}); console.log(); setInterval(() => {}, 1000)`;
		const owner = async (...capabilities: string[]): Promise<number> => {
			const caps = capabilities.map((name) => `+${name}`).join(",");
			const grant = ["--bounding-set", "-all,+dac_read_search", "--inh-caps", caps, "--ambient-caps", caps];
			const as = ["--reuid", `${NOBODY}`, "--clear-groups", ...(caps ? grant : [])];
			const child = spawn("setpriv", [...as, process.execPath, "-e", load], { stdio: ["ignore", "pipe", "inherit"] });
			await new Promise((resolve) => child.stdout.once("data", resolve));
			// The kernel gives the files of a process that may not be dumped to root (fs/proc/base.c, task_dump_owner).
			const { uid } = statSync(`/proc/${child.pid}/environ`);
			child.kill("SIGKILL");
			return uid;
		};
		expect(await owner("dac_read_search")).toBe(0);
	});
});

describe("the environment", () => {
	const hostile = () => ({
		NODE_OPTIONS: `--require ${at("evil.cjs")} --title=evil --inspect=127.0.0.1:0`,
		NODE_PATH: at("modules"),
		NODE_EXTRA_CA_CERTS: at("missing.pem"),
		NODE_V8_COVERAGE: at("coverage"),
		NODE_COMPILE_CACHE: at("cache"),
		NODE_REDIRECT_WARNINGS: at("warnings"),
		NODE_DEBUG: "module",
		NODE_REPL_EXTERNAL_MODULE: at("evil.cjs"),
		OPENSSL_CONF: at("openssl.cnf"),
		SSLKEYLOGFILE: at("keys"),
		ICU_DATA: folder,
		NODE_ICU_DATA: folder,
		LOCPATH: folder,
		MALLOC_TRACE: at("malloc"),
		MALLOC_ARENA_MAX: "1000",
		ENV: at("evil.sh"),
		BASH_ENV: at("evil.sh"),
		HOME: folder,
		XDG_CONFIG_HOME: folder,
		INK_SCREEN_READER: "true",
	});
	const drawing = {
		TERM: "xterm",
		COLUMNS: "91",
		LANG: "C.UTF-8",
		TZ: "Europe/Rome",
		TERM_PROGRAM: "a b\n*",
		NO_COLOR: "",
	};
	/** The launcher's own. */
	const memory = {
		MALLOC_ARENA_MAX: "2",
		MALLOC_MMAP_THRESHOLD_: String(256 << 10),
		MALLOC_TRIM_THRESHOLD_: String(1 << 20),
	};
	const run = (program: string, env: Record<string, string>, shell: string[] = []) => {
		const [command = program, ...words] = [...shell, program];
		const { status, stdout, stderr } = spawnSync(command, words, { cwd: folder, env, encoding: "utf8" });
		expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
		return JSON.parse(stdout);
	};

	it("that reaches the program only affects drawing and the place of settings", () => {
		plantModule(at("evil.cjs"));
		plantProgram(at("evil.sh"));
		const program = checkout();
		const { env, title } = run(program, { ...hostile(), ...drawing, PATH: process.env.PATH ?? "" });
		const { PATH, ...rest } = env;
		// Two have ebtop's own names: the place of the settings that it reads with the caller's rights.
		expect(rest).toEqual({ ...memory, ...drawing, EBTOP_HOME: folder, EBTOP_XDG_CONFIG_HOME: folder });
		expect(PATH).toMatch(/^[a-z/:-]+$/);
		expect(title).not.toBe("evil");
		expect(readdirSync(folder).sort()).toEqual(["checkout", "evil.cjs", "evil.sh"]);
	});
	it.each(["/etc/passwd", ":/etc/passwd", "../../etc/passwd", "$(id)"])("names no file by TZ=%s", (TZ) => {
		expect(run(checkout(), { ...drawing, TZ }).env).not.toHaveProperty("TZ");
	});
	it("does not choose the programs that the launcher calls, not even by functions of bash", () => {
		mkdirSync(at("path"));
		const names = ["readlink", "find", "env", "tr", "node", "sh", "tput", "resize"];
		for (const name of names) plantProgram(at("path", name));
		const functions = names.map((name) => [
			`BASH_FUNC_${name}%%`,
			`() { touch ${at("was-run")}; command ${name} "$@"; }`,
		]);
		const env = { ...drawing, ...Object.fromEntries(functions), PATH: `${at("path")}:.` };
		const program = checkout();
		run(program, env);
		run(program, env, ["/bin/bash", "--posix"]);
		expect(existsSync(at("was-run"))).toBe(false);
	});
	it("may have a checkout with = in its path", () => {
		const program = checkout();
		const renamed = at("a=b c");
		spawnSync("mv", [dirname(dirname(program)), renamed]);
		expect(run(join(renamed, "bin", "ebtop"), drawing).env).toMatchObject(drawing);
	});
});

describe("the working directory", () => {
	it("provides no module, setting or code", () => {
		mkdirSync(at("node_modules"));
		for (const name of ["fs.js", "ink.js"]) plantModule(at("node_modules", name));
		for (const name of ["ebtop.cjs", "node_modules.js"]) plantModule(at(name));
		writeFileSync(at("package.json"), '{ "type": "module", "imports": { "#x": "./ebtop.cjs" } }');
		writeFileSync(at(".env"), `NODE_OPTIONS=--require ${at("ebtop.cjs")}`);
		writeFileSync(at("node.config.json"), JSON.stringify({ nodeOptions: { require: [at("ebtop.cjs")] } }));
		const { status, stderr } = spawnSync(join(bin, "ebtop"), ["--demo", "--json", "-n", "1"], {
			cwd: folder,
			encoding: "utf8",
		});
		expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
		expect(existsSync(at("was-run"))).toBe(false);
	});
	it("may be gone", () => {
		const line = `mkdir ${at("gone")}; cd ${at("gone")}; rmdir ${at("gone")}; exec ${join(bin, "ebtop")} --version`;
		expect(spawnSync("/bin/sh", ["-c", line], { encoding: "utf8" })).toMatchObject({
			status: 0,
			stdout: expect.stringMatching(/^ebtop /), // and the shell may complain that its folder is gone
		});
	});
});

describe.skipIf(!isRoot)("root runs no code that another user can change", () => {
	const start = (program: string, env: Record<string, string> = {}) => {
		const { status, stdout, stderr } = spawnSync(program, { env: { PATH: "/usr/bin:/bin", ...env }, encoding: "utf8" });
		return { status, isRun: stdout !== "", stderr };
	};
	const refused = (path: string) => ({
		status: 1,
		isRun: false,
		stderr: `ebtop: Another user can change ${path} and would become root with it: run 'chown -R root ${at("checkout")}' and 'chmod -R go-w ${at("checkout")}'.\n`,
	});
	const runs = { status: 0, isRun: true, stderr: "" };

	const files = ["bin/ebtop.cjs", "bin/node-flags", "dist/ebtop.js", "build/Release/ebtop.node"];
	const folders = ["", "bin", "dist", "build", "build/Release"];
	it.each([...files, ...folders])("if another user owns checkout/%s", (path) => {
		const program = checkout();
		chownSync(at("checkout", path), NOBODY, NOBODY);
		expect(start(program)).toEqual(refused(join(at("checkout"), path)));
	});
	it.each([...files, ...folders])("if another user may write checkout/%s", (path) => {
		const program = checkout();
		chmodSync(at("checkout", path), 0o757);
		expect(start(program)).toEqual(refused(join(at("checkout"), path)));
	});
	it.each(["node", "ebtop.node", "ebtop.code"])("as an npm package, if another user owns %s", (name) => {
		const program = checkout();
		const packages = at("node_modules");
		const bin = join(packages, "@ebtop/linux-x64/bin");
		mkdirSync(bin, { recursive: true });
		renameSync(at("checkout"), join(packages, "ebtop"));
		rmSync(join(packages, "ebtop/node_modules"), { recursive: true });
		writeFileSync(join(bin, "node"), "#!/bin/sh\necho runs\n", { mode: 0o755 });
		for (const file of ["ebtop.node", "ebtop.code"]) writeFileSync(join(bin, file), "");
		const installed = program.replace(at("checkout"), join(packages, "ebtop"));
		expect(start(installed)).toEqual(runs);
		chownSync(join(bin, name), NOBODY, NOBODY);
		expect(start(installed)).toMatchObject({ status: 1, isRun: false });
	});
	it("nor by its group", () => {
		const program = checkout();
		chmodSync(at("checkout", "dist"), 0o775);
		expect(start(program)).toEqual(runs); // root's own group
		chownSync(at("checkout", "dist"), 0, NOBODY);
		expect(start(program)).toEqual(refused(at("checkout", "dist")));
		expect(start(program, { SUDO_UID: "1234", SUDO_GID: `${NOBODY}` })).toEqual(runs);
	});
	it("but that of the user behind sudo, and below a sticky folder", () => {
		const program = checkout();
		spawnSync("chown", ["-R", "1234:1234", at("checkout")]);
		chmodSync(folder, 0o1777);
		expect(start(program, { SUDO_UID: "1234", SUDO_GID: "1234" })).toEqual(runs);
		expect(start(program, { SUDO_UID: "1235", SUDO_GID: "1235" }).status).toBe(1);
		expect(start(program, { SUDO_UID: "1234 -o -true", SUDO_GID: "" }).status).toBe(1);
		expect(start(program).status).toBe(1);
	});
	it("nor if find cannot tell, as busybox's without -uid", () => {
		const program = checkout();
		writeFileSync(at("find"), "#!/bin/sh\nexit 1\n", { mode: 0o755 });
		const line = `mount --bind ${at("find")} /usr/bin/find && exec ${program}`;
		expect(spawnSync("unshare", ["-m", "/bin/sh", "-c", line], { encoding: "utf8" })).toMatchObject({
			status: 1,
			stdout: "",
			stderr:
				"ebtop: find cannot tell who may change ebtop's files, so root must not run them. It takes GNU findutils.\n",
		});
	});
	it("and another user may run his own", () => {
		const program = checkout();
		chmodSync(folder, 0o755);
		spawnSync("chown", ["-R", `${NOBODY}`, at("checkout")]);
		const { status } = spawnSync("setpriv", ["--reuid", `${NOBODY}`, "--clear-groups", program], { encoding: "utf8" });
		// The Node of that user is ours here, which that user may not be able to reach.
		expect(status).toBe(
			spawnSync("setpriv", ["--reuid", `${NOBODY}`, "--clear-groups", process.execPath, "-v"]).status,
		);
	});
});
