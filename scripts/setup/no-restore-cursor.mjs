// Stands in for restore-cursor in the bundle: it writes to stderr, whatever that is, while Ink shows the cursor again itself.
export default () => {};
