/**
 * The files of a recording in a folder: `NUMBER-TIME.ebtop`. They are played by their numbers, since a clock may be set; the
 * time, in UTC, is that of the first refresh, so that the names are the index of the recording.
 */

import { readdirSync } from "node:fs";
import { RecordingError } from "./recording-format.ts";

export interface SegmentName {
	readonly name: string;
	readonly number: number;
	/** Milliseconds since 1970. */
	readonly beginMs: number;
}

const FORM = /^(\d{8})-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z\.ebtop$/;
export const MOST_SEGMENT_NUMBER = 99_999_999;

export function segmentName(number: number, beginMs: number): string {
	return `${String(number).padStart(8, "0")}-${compactTime(beginMs)}Z.ebtop`;
}

/** 20261120T170005, in UTC, of milliseconds since 1970: sorts by time. */
export function compactTime(clockMs: number): string {
	return new Date(clockMs).toISOString().slice(0, 19).replaceAll(/[-:]/g, "");
}

function parseSegmentName(name: string): SegmentName | null {
	const [, number, ...time] = FORM.exec(name) ?? [];
	if (number === undefined) return null;
	const [year, month, day, hour, minute, second] = time;
	const beginMs = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
	return Number.isNaN(beginMs) ? null : { name, number: Number(number), beginMs };
}

export function isSegment(name: string): boolean {
	return parseSegmentName(name) !== null;
}

/** In the order of their numbers. Throws the system's error. */
export function listSegments(folder: string): SegmentName[] {
	const names = readdirSync(folder)
		.map(parseSegmentName)
		.filter((segment) => segment !== null);
	return names.sort((a, b) => a.number - b.number);
}

/** The same if there must be some; throws RecordingError. */
export function listSegmentsToPlay(folder: string): SegmentName[] {
	const segments = listSegments(folder);
	if (segments.length === 0) throw new RecordingError("there is no recording in it");
	return segments;
}
