/** Podman containers with their own storage, so that a test sees no others. */

import { execFile, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { patienceMs } from "./circumstances.ts";
import { isThere } from "./daemons.ts";
import { until } from "./workload.ts";

const execFileAsync = promisify(execFile);

const image = "eb-image";

/** Explicit limits, because podman's defaults exceed what is allowed on some machines. */
const limits = ["--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1024:1024"];

/** Only its own id is mapped into its containers, so it needs no entry in /etc/subuid. */
const nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];

/** Why containers cannot be run here; null if they can. */
export function whyNoPodman(): string | null {
	if (process.getuid?.() !== 0) return "it takes root";
	return isThere("podman") && isThere("runc") && isThere("tar") ? null : "podman and runc are not installed";
}

export class Podman {
	readonly #directory: string;
	/** The cgroup of its containers: podman leaves its own behind. */
	readonly #cgroup: string;

	/** For a container of another user. */
	readonly #asUser: readonly string[];

	private constructor(directory: string, isRootless: boolean) {
		this.#directory = directory;
		this.#cgroup = `/${basename(directory)}`;
		const home = [`HOME=${directory}`, `XDG_RUNTIME_DIR=${directory}`, `PATH=${process.env.PATH}`];
		this.#asUser = isRootless ? [...nobody, "env", "-i", ...home] : [];
	}

	/** The image has no file of its own: it shows the machine's /usr, so that it can run what a test runs. */
	static async inDirectory(directory: string, isRootless = false): Promise<Podman> {
		const podman = new Podman(directory, isRootless);
		const root = join(directory, "image");
		for (const folder of ["usr", "tmp", "shared"]) mkdirSync(join(root, folder), { recursive: true });
		for (const folder of ["bin", "sbin", "lib", "lib64"]) symlinkSync(`usr/${folder}`, join(root, folder));
		const archive = join(directory, "image.tar");
		await execFileAsync("tar", ["-C", root, "-cf", archive, "."]);
		if (isRootless) await execFileAsync("chown", ["-R", "65534:65534", directory]);
		await podman.#podman("import", archive, image);
		return podman;
	}

	/** The command line that runs `command` in a container `name`, whose /shared is `shared` outside. */
	wordsToRun(name: string, shared: string, ...command: readonly string[]): string[] {
		return ["podman", ...this.#global(), "run", ...this.#runOptions(name, shared), image, ...command];
	}

	/** The command line of a service at `socket`, and one that asks it to run `command` in a container. */
	wordsToServe(socket: string): string[] {
		return ["podman", ...this.#global(), "system", "service", "--time", "0", `unix://${socket}`];
	}

	wordsToAsk(socket: string, name: string, shared: string, ...command: readonly string[]): string[] {
		const options = ["--rm", ...this.#runOptions(name, shared)];
		return ["podman", "--remote", "--url", `unix://${socket}`, "run", ...options, image, ...command];
	}

	/** Runs `command` in a container to its end; returns its output. */
	run(name: string, shared: string, ...command: readonly string[]): Promise<string> {
		return this.#podman("run", ...this.#runOptions(name, shared), image, ...command);
	}

	/** Starts `command` in a container; returns the container's id and the pid of its first process. */
	async start(name: string, shared: string, ...command: readonly string[]): Promise<{ id: string; pid: number }> {
		const id = (await this.#podman("run", "--detach", ...this.#runOptions(name, shared), image, ...command)).trim();
		return { id, pid: Number(await this.#podman("inspect", "--format", "{{.State.Pid}}", id)) };
	}

	async rename(name: string, to: string): Promise<void> {
		await this.#podman("rename", name, to);
	}

	/** Ends all of them and unmounts what belongs to them. */
	async close(): Promise<void> {
		await this.#podman("rm", "--all", "--force", "--time", "0");
		const paused = join(this.#directory, "tmp/pause.pid"); // keeps the user's namespaces
		if (existsSync(paused)) process.kill(Number(readFileSync(paused, "utf8")), "SIGKILL");
		// The cleanup of each container runs after it, and would create its folders again.
		await until("the end of podman", () => spawnSync("pgrep", ["-f", this.#directory]).status === 1);
		const left = ["-depth", "-type", "d", "-path", `*${this.#cgroup}*`, "-exec", "rmdir", "{}", ";"];
		await execFileAsync("find", ["/sys/fs/cgroup", ...left]);
	}

	#runOptions(name: string, shared: string): string[] {
		const volumes = ["--volume", "/usr:/usr:ro", "--volume", `${shared}:/shared`, "--workdir", "/shared"];
		const cgroup = this.#asUser.length > 0 ? [] : ["--cgroup-parent", this.#cgroup];
		return ["--name", name, "--network=none", ...cgroup, ...limits, ...volumes];
	}

	#global(): string[] {
		const at = (name: string) => join(this.#directory, name);
		const store = ["--root", at("storage"), "--runroot", at("run"), "--tmpdir", at("tmp"), "--storage-driver=vfs"];
		return [...store, "--runtime=runc", "--cgroup-manager=cgroupfs"];
	}

	/** Asynchronous, so that a session in this thread is drained meanwhile. */
	async #podman(...words: readonly string[]): Promise<string> {
		const [command = "podman", ...all] = [...this.#asUser, "podman", ...this.#global(), ...words];
		return (await execFileAsync(command, all, { cwd: this.#directory, timeout: patienceMs })).stdout;
	}
}
