// Runs before each file of kernel tests. Its hooks are not in the helpers that they call: one process runs all files, and
// loads each helper once.
import { afterAll, afterEach } from "vitest";
import { endTest } from "../helpers/drained-session.ts";
import { endObservations } from "../helpers/record-session.ts";

afterEach(endTest);
afterAll(endObservations);
