// Stands in for react-devtools-core, which Ink loads only when it is debugged.
export default {};
