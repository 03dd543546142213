/**
 * Processes have uses, a use is of an object, an object may be a connection's socket, and each knows the others. They meet
 * here alone, as types: no module of them needs another to be loaded first.
 */

export type { NamedFile } from "./named-file.ts";
export type { KernelObject } from "./object/kernel-object.ts";
export type { Use } from "./object/use.ts";
export type { Process } from "./process/process.ts";
export type { Connection } from "./tcp/connection.ts";
