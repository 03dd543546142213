// The list of what the packages contain, in SPDX 2.3: the npm packages in the bundle, the libraries in the addon, Node.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bundledPackages } from "../bundled-packages.mjs";
import { environment, top } from "../setup/paths.mjs";

/** Debian's packages with the static libraries and headers, and the licences they are used under. */
const LIBRARIES = [
	["libbpf-dev", "BSD-2-Clause"],
	["libelf-dev", "GPL-2.0-only"],
	["zlib1g-dev", "Zlib"],
	["libzstd-dev", "BSD-3-Clause"],
	["libstdc++-dev", "GPL-3.0-or-later WITH GCC-exception-3.1"],
];

function npmPackage(path) {
	const { name, version, license } = JSON.parse(readFileSync(join(top, path, "package.json"), "utf8"));
	const purl = `pkg:npm/${name.replace("@", "%40")}@${version}`;
	return { name, version, license, purl };
}

// biome-ignore lint/suspicious/noTemplateCurlyInString: a format of dpkg-query
const FORMAT = "${db:Status-Abbrev}${Package} ${Version}\n";

/** What was linked into the addon, if this machine's packages are still those that it was built with. */
function libraries() {
	return LIBRARIES.flatMap(([name, license]) => {
		const pattern = name === "libstdc++-dev" ? "libstdc++-[0-9]*-dev" : name;
		const words = ["-W", "-f", FORMAT, pattern];
		const listed = spawnSync("dpkg-query", words, { env: environment, encoding: "utf8" }).stdout ?? "";
		const [, found, version] = /^ii (\S+) (\S+)$/m.exec(listed) ?? [];
		return found === undefined ? [] : [{ name: found, version, license, purl: `pkg:deb/debian/${found}@${version}` }];
	});
}

const idOf = ({ name, version }) => `SPDXRef-${`${name}-${version}`.replaceAll(/[^A-Za-z0-9.-]/g, "-")}`;

function spdx({ name, version, license, purl }) {
	return {
		SPDXID: idOf({ name, version }),
		name,
		versionInfo: version,
		downloadLocation: "NOASSERTION",
		licenseConcluded: license,
		licenseDeclared: license,
		copyrightText: "NOASSERTION",
		filesAnalyzed: false,
		...(purl && {
			externalRefs: [{ referenceCategory: "PACKAGE-MANAGER", referenceType: "purl", referenceLocator: purl }],
		}),
	};
}

/** Writes `ebtop-VERSION.spdx.json` into `into`; returns a list of its path. */
export async function sbom(into, _work, { version, license, arch, time }) {
	const node = npmPackage(`node_modules/node-linux-${arch}`);
	const own = { name: "ebtop", version, license };
	const addonHeaders = npmPackage("node_modules/node-addon-api");
	const found = [...(await bundledPackages()).map(npmPackage), addonHeaders, node, ...libraries()];
	const parts = [...new Map(found.map((part) => [idOf(part), part])).values()]; // a version may be in several folders
	const lock = existsSync(join(top, "package-lock.json")) ? readFileSync(join(top, "package-lock.json")) : "";
	const document = {
		spdxVersion: "SPDX-2.3",
		dataLicense: "CC0-1.0",
		SPDXID: "SPDXRef-DOCUMENT",
		name: `ebtop-${version}-linux-${arch}`,
		documentNamespace: `https://spdx.org/spdxdocs/ebtop-${version}-${createHash("sha256").update(lock).digest("hex")}`,
		creationInfo: {
			created: new Date(Number(time) * 1000).toISOString().replace(/\.\d+/, ""),
			creators: ["Tool: ebtop-pack"],
		},
		packages: [own, ...parts].map(spdx),
		relationships: [
			{ spdxElementId: "SPDXRef-DOCUMENT", relationshipType: "DESCRIBES", relatedSpdxElement: idOf(own) },
			...parts.map((part) => ({
				spdxElementId: idOf(own),
				relationshipType: "CONTAINS",
				relatedSpdxElement: idOf(part),
			})),
		],
	};
	const path = join(into, `ebtop-${version}-linux-${arch}.spdx.json`);
	writeFileSync(path, `${JSON.stringify(document, null, 2)}\n`);
	return [path];
}
