/** The pane of containers. */

import type { ContainerRow } from "../../model/snapshot.ts";
import { definePane } from "../define-pane.ts";
import { CONTAINER_COLUMNS, containerName } from "./columns.ts";
import { containerDetails, containerSummary } from "./details.ts";

export const CONTAINERS = definePane<ContainerRow>({
	name: "containers",
	title: "Containers",
	isOffAtFirst: true,
	tables: ["containers"],
	probes: ["process", "process-events", "fork", "exit"],
	empty: "No process is in a container.",
	place: { side: "left", weight: 1 },
	defaultSort: "cpu",
	initialView: null,
	columns: () => CONTAINER_COLUMNS,
	rows: (snapshot) => snapshot.containers,
	matches: (row, matcher) => matcher.containers(row),
	pids: (row) => row.pids,
	tie: (row) => row.rssBytes,
	id: (row) => `${row.runtime} ${row.id} ${row.cgroup}`,
	isDead: (row) => row.processes === 0,
	thing: (row) => row.id,
	heading: (row) => `Container ${containerName(row)}`,
	summary: containerSummary,
	details: containerDetails,
	detailsNeed: ["blocks"],
});
