/** The whole screen: puts header, panes or overlay, and footer into their rectangles. */

import { Box } from "ink";
import type { Theme } from "../format/theme.ts";
import { paneHealth } from "../panes/health.ts";
import { Footer } from "./components/footer.tsx";
import { Header } from "./components/header.tsx";
import { OverlayView } from "./components/overlay-view.tsx";
import { PaneView, paneNotes } from "./components/pane-view.tsx";
import { StripLine } from "./components/strip-line.tsx";
import { TabBar } from "./components/tab-bar.tsx";
import type { Layout, PaneRect } from "./state/layout.ts";
import { contentLength, contentRoom } from "./state/overlay-content.ts";
import type { Screen } from "./state/screen.ts";
import { isMenu, paneState, type UiState } from "./state/ui-state.ts";
import { useScreen } from "./use-screen.ts";

export interface AppProps {
	readonly screen: Screen;
	readonly theme: Theme;
	readonly sourceNote: string | null;
}

export function App(props: AppProps) {
	return <Frame {...props} state={useScreen(props.screen)} />;
}

/** One frame: the screen for one state. */
export function Frame({ screen, state, theme, sourceNote }: AppProps & { readonly state: UiState }) {
	const layout = screen.derive.layout(state);
	const { snapshot } = state;
	return (
		<Box width={layout.columns} height={layout.rows}>
			<Header rect={layout.header} loads={screen.derive.loads(state)} {...{ snapshot, state, sourceNote, theme }} />
			{layout.strip && <StripLine rect={layout.strip} strip={screen.derive.strip(state)} theme={theme} />}
			<Tabs {...{ screen, state, layout, theme }} />
			<Body {...{ screen, state, layout, sourceNote, theme }} />
			{layout.footer && <Footer rect={layout.footer} keymap={screen.derive.keymap(state)} {...{ state, theme }} />}
		</Box>
	);
}

interface PartProps {
	readonly screen: Screen;
	readonly state: UiState;
	readonly layout: Layout;
	readonly theme: Theme;
}

function Tabs({ screen: { derive }, state, layout, theme }: PartProps) {
	if (!layout.tabs) return null;
	const { focus, snapshot } = state;
	const health = snapshot && paneHealth(focus, snapshot.health);
	const notes = health
		? paneNotes(focus, derive.query(focus, state), health, paneState(state, focus), derive.lines(focus, state).length)
		: [];
	return <TabBar rect={layout.tabs} state={state} notes={notes} theme={theme} />;
}

interface BodyProps extends PartProps {
	readonly sourceNote: string | null;
}

function Body({ screen, state, layout, sourceNote, theme }: BodyProps) {
	const content = screen.derive.overlay(state);
	if (content && state.overlay) {
		const most = Math.max(0, contentLength(content) - contentRoom(content, layout.body.height));
		const scroll = isMenu(state.overlay) ? 0 : Math.min(state.overlay.scroll, most);
		return <OverlayView rect={layout.body} content={content} scroll={scroll} theme={theme} />;
	}
	return layout.panes.map((rect) => (
		<PlacedPane key={rect.pane.name} {...{ screen, state, rect, sourceNote, theme }} />
	));
}

interface PlacedPaneProps extends Omit<BodyProps, "layout"> {
	readonly rect: PaneRect;
}

function PlacedPane({ screen: { derive }, state, rect, sourceNote, theme }: PlacedPaneProps) {
	const { snapshot } = state;
	const { pane } = rect;
	if (!snapshot) return null;
	return (
		<PaneView
			number={state.available.indexOf(pane) + 1}
			rect={rect}
			snapshot={snapshot}
			lines={derive.lines(pane, state)}
			query={derive.query(pane, state)}
			state={paneState(state, pane)}
			isFocused={pane === state.focus}
			deadPids={derive.deadPids(snapshot)}
			sourceNote={sourceNote}
			theme={theme}
		/>
	);
}
