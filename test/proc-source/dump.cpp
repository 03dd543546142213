// SPDX-License-Identifier: GPL-2.0-only
// The /proc source without Node: writes its batches to stdout, each behind its size (8 bytes). One sweep for each line
// on stdin ("drain" drains instead), so that a test decides when. Options: --comm GLOB, --pid N, --concerns BITS.
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "../../native/proc/proc-source.h"

namespace {

void write_batch(const ebtop::Batch &batch)
{
	uint64_t size = batch.size();

	fwrite(&size, sizeof(size), 1, stdout);
	fwrite(batch.data(), 1, size, stdout);
	fflush(stdout);
}

} // namespace

int main(int argc, char **argv)
{
	ebtop::SourceOptions options;
	ebtop::Batch batch;
	char line[64];

	for (int i = 1; i + 1 < argc; i += 2) {
		if (!strcmp(argv[i], "--comm"))
			options.comm = argv[i + 1];
		else if (!strcmp(argv[i], "--pid"))
			options.pids.push_back(atoi(argv[i + 1]));
		else if (!strcmp(argv[i], "--concerns"))
			options.concerns = atoi(argv[i + 1]);
	}
	auto source = ebtop::proc::open_source(options, std::nullopt);
	while (fgets(line, sizeof(line), stdin)) {
		batch.clear();
		if (!strcmp(line, "drain\n"))
			source->drain(batch);
		else
			source->sweep(batch);
		write_batch(batch);
	}
	return 0;
}
