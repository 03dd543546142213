/** The line of ancestors of a process by who started whom, up to the first one known. */

import type { AncestorRow, ProcessRow, Snapshot } from "../../model/snapshot.ts";
import { left, right } from "../blocks.ts";
import type { Block } from "../pane.ts";

/** A longer line is truncated, and says so. */
const MOST = 64;

/** One of the line: a row of the list, or an ancestor that is gone. */
type Person = ProcessRow | AncestorRow;

const isGone = (person: Person): boolean => !("exit" in person) || person.exit !== null;

/** Of the owners of one pid, the one at the time `child` began; undefined where unknown. */
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

/** A fork keeps the program, so a different one was executed since. */
function howStarted(person: Person, starter: Person | undefined): string {
	if (person.starter === null) return "not seen";
	if (starter === undefined) return "fork";
	return starter.exe === person.exe && commandOf(starter) === commandOf(person) ? "fork" : "fork, exec";
}

/** Each with its starter below; where that was not seen, with its parent. */
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
	if (person !== undefined) rows.push(["…", "", "", "", "(longer than this)"]);
	return {
		kind: "table",
		title: "Started by",
		heads: [right("PID"), left("COMM"), left(""), left("HOW"), left("COMMAND")],
		rows,
		empty: "nobody",
	};
}
