/** The interface of the screen. */

export { type RunningScreen, runScreen, type ScreenRunOptions } from "./run-screen.tsx";
