// The npm packages: `ebtop`, and for each processor an optional one with Node and the addon, of which npm installs the
// machine's. They have no scripts and no binding.gyp: npm 12 does not run the first, and would run node-gyp for the
// second.
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { archive } from "./archive.mjs";
import { ADDON, CODE, copyFiles, NODE, NODE_LICENSE, PROGRAM, TEXTS } from "./program.mjs";

/** As process.arch and npm call them. */
const PROCESSORS = ["x64", "arm64"];

/** npm's archives have everything in a folder of this name. */
const FOLDER = "package";

async function writePackage(into, work, about, { name, files, ...fields }) {
	const { version, license } = about;
	const folder = join(work, FOLDER);
	copyFiles(folder, files);
	const description = { name, version, license, os: ["linux"], ...fields };
	writeFileSync(join(folder, "package.json"), `${JSON.stringify(description, null, 2)}\n`, { mode: 0o644 });
	const path = join(into, `${name.replace("@", "").replace("/", "-")}-${version}.tgz`);
	await archive(path, work, FOLDER, about);
	rmSync(folder, { recursive: true });
	return path;
}

/** Writes `ebtop-VERSION.tgz` and `ebtop-linux-ARCH-VERSION.tgz` into `into`; returns their paths. */
export async function npmPackages(into, work, about) {
	const { version, description, arch } = about;
	const ofProcessor = (processor) => `@ebtop/linux-${processor}`;
	return [
		await writePackage(into, work, about, {
			name: "ebtop",
			description,
			bin: { ebtop: "bin/ebtop" },
			man: "share/ebtop.1",
			optionalDependencies: Object.fromEntries(PROCESSORS.map((each) => [ofProcessor(each), version])),
			files: [...PROGRAM, ...TEXTS],
		}),
		await writePackage(into, work, about, {
			name: ofProcessor(arch),
			description: `Node.js and the addon of ebtop, for ${arch} with glibc`,
			cpu: [arch],
			libc: ["glibc"],
			files: [
				[NODE, "bin/node"],
				[ADDON, "bin/ebtop.node"],
				[CODE, "bin/ebtop.code"],
				[NODE_LICENSE, "LICENSE-node"],
				...["LICENSE", "NOTICE"],
			],
		}),
	];
}
