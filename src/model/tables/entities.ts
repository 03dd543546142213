/**
 * Processes have uses, a use has an object, an object may be the socket of a connection, and each refers to the others.
 * Only here these types come together, so that no module depends on another being loaded first.
 */

export type { NamedFile } from "./named-file.ts";
export type { KernelObject } from "./object/kernel-object.ts";
export type { Use } from "./object/use.ts";
export type { Process } from "./process/process.ts";
export type { Connection } from "./tcp/connection.ts";
