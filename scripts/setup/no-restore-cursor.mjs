// Replaces restore-cursor in the bundle: it writes to stderr, whatever that is, and Ink itself shows the cursor again.
export default () => {};
