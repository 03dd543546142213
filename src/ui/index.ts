/** The screen, as the program sees it. */

export { type RunningScreen, runScreen, type ScreenRunOptions } from "./run-screen.tsx";
