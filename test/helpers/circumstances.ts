/** Settings of a test run from the environment, for the machine it runs on: scripts/guest/tests.sh. */

/** By how many times the machine may be slower than usual. */
const slowness = Number(process.env.EBTOP_TEST_SLOWNESS ?? 1);

/**
 * The timeout of all waits. Only failures take that long, so it is ample: the machine may be busy.
 */
export const patienceMs = 100_000 * slowness;

/** "probe=variant", as ebtop's --force takes it: for every session that the tests open. */
const forced = process.env.EBTOP_TEST_FORCE?.split("=") as [string, string] | undefined;
export const forcedVariants: { force?: Record<string, string> } = forced ? { force: { [forced[0]]: forced[1] } } : {};
