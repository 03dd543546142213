/** The ancestors of a process, by starter, up to the first one known. */

import type { AncestorRow, ProcessRow, Snapshot } from "../../model/snapshot.ts";
import { left, right } from "../blocks.ts";
import type { Block } from "../pane.ts";

/** More ancestors are truncated, with a note. */
const MOST = 64;

/** A process of the list, or a dead ancestor. */
type Person = ProcessRow | AncestorRow;

const isGone = (person: Person): boolean => !("exit" in person) || person.exit !== null;

/** The process that had a pid when `child` started; undefined if unknown. */
function personBefore(child: Person, namesakes: readonly Person[]): Person | undefined {
	const isOlder = ({ start }: Person) => BigInt(start) <= BigInt(child.start);
	return namesakes
		.filter(isOlder)
		.reduce<Person | undefined>(
			(youngest, one) => (youngest === undefined || BigInt(one.start) > BigInt(youngest.start) ? one : youngest),
			undefined,
		);
}

const commandOf = ({ args, comm }: Person): string => (args.length > 0 ? args.join(" ") : `[${comm}]`);

/** A fork keeps the program, so a different program means an exec. */
function howStarted(person: Person, starter: Person | undefined): string {
	if (person.starter === null) return "not seen";
	if (starter === undefined) return "fork";
	return starter.exe === person.exe && commandOf(starter) === commandOf(person) ? "fork" : "fork, exec";
}

/** Each with its starter below; if that was not seen, with its parent. */
export function lineageBlock(row: ProcessRow, { processes, ancestors }: Snapshot): Block {
	const byPid = Map.groupBy<number, Person>([...processes, ...ancestors], ({ pid }) => pid);
	const rows: string[][] = [];
	let person: Person | undefined = row;
	while (person !== undefined && rows.length < MOST) {
		const { starter }: Person = person;
		const ppid: number = "ppid" in person ? person.ppid : 0;
		const above: Person | undefined = personBefore(person, byPid.get(starter?.pid ?? ppid) ?? []);
		rows.push([
			String(person.pid),
			person.comm,
			isGone(person) ? "gone" : "",
			howStarted(person, above),
			commandOf(person),
		]);
		if (above === undefined && starter !== null)
			rows.push([String(starter.pid), starter.comm, "gone", "", "(not kept)"]);
		person = above;
	}
	if (person !== undefined) rows.push(["…", "", "", "", "(more ancestors)"]);
	return {
		kind: "table",
		title: "Started by",
		heads: [right("PID"), left("COMM"), left(""), left("HOW"), left("COMMAND")],
		rows,
		empty: "nobody",
	};
}
