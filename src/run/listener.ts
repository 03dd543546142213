import type { ReceivedStretch } from "../history/past.ts";

/** Who is told what goes wrong while a run continues. */
export interface RunListener {
	tell(notice: string): void;
	/** What is shown comes from elsewhere, and does not come any more; or again. */
	onLost?(isLost: boolean): void;
	/** Takes what a service remembers; absent: nothing is wanted of it. */
	onPast?(past: ReceivedStretch): void;
}
