/** What a run of the tests is told through the environment, because of where it runs: scripts/guest/tests.sh. */

/** How many times slower than usual the machine may be. */
const slowness = Number(process.env.EBTOP_TEST_SLOWNESS ?? 1);

/**
 * How long anything is waited for. Only what never comes takes so long, so it is ample: the machine may have ten other
 * things to do.
 */
export const patienceMs = 100_000 * slowness;

/** "probe=variant", as ebtop's --force takes it: for every session that the tests open. */
const forced = process.env.EBTOP_TEST_FORCE?.split("=") as [string, string] | undefined;
export const forcedVariants: { force?: Record<string, string> } = forced ? { force: { [forced[0]]: forced[1] } } : {};
