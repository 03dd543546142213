/** The screen, as the program sees it. */

export { runScreen, type ScreenRunOptions } from "./run-screen.tsx";
