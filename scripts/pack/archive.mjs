// Archives whose bytes depend only on what is in them: names in order, one time and one owner for all files.
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { environment } from "../setup/paths.mjs";
import { run } from "../setup/report.mjs";

/** Writes the folder `name` of `work` to `path`, a .tar.gz; returns the path. `time` is in seconds since 1970. */
export async function archive(path, work, name, { time, isQuick }) {
	const order = ["--sort=name", "--format=gnu", "--owner=0", "--group=0", "--numeric-owner", `--mtime=@${time}`];
	const tar = join(work, `${name}.tar`);
	await run("tar", ["-C", work, ...order, "-cf", tar, name], "tar failed.", { env: environment });
	writeFileSync(path, gzipSync(readFileSync(tar), { level: isQuick ? 0 : 9 }));
	rmSync(tar);
	return path;
}
