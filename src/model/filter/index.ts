/** The filter language of `--filter` and the `/` prompt: text → filter → a matcher for each snapshot. */

export { FIELD_NAMES, type FieldName } from "./fields.ts";
export { createMatcher, type Matcher } from "./matcher.ts";
export { type Filter, type ParseResult, parseFilter } from "./parser.ts";
export { compileFinder, type MatchFinder } from "./regex.ts";
