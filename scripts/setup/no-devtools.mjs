// Replaces react-devtools-core, which Ink only loads for debugging.
export default {};
