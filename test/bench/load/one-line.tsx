// The smallest Ink program: what a start costs at least.
import { render, Text, useInput } from "ink";

function OneLine() {
	useInput((key) => {
		if (key === "q") process.exit(0);
	});
	return <Text>one line</Text>;
}

render(<OneLine />, { alternateScreen: true });
