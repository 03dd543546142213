// SPDX-License-Identifier: GPL-2.0-only
// Fills a batch with as many records as the argument says, clears it and fills it again: prints after each how many bytes
// are allocated.
#include <cstdio>
#include <cstdlib>

#include <malloc.h>

#include "../../native/batch.h"

static size_t allocated()
{
	struct mallinfo2 info = mallinfo2();
	return info.uordblks + info.hblkhd;
}

int main(int, char **argv)
{
	setvbuf(stdout, nullptr, _IONBF, 0); // else the first line allocates a buffer
	ebtop::Batch batch;
	size_t before = allocated();
	for (long count : {atol(argv[1]), 1l}) {
		batch.clear();
		while (count-- > 0)
			batch.append(WIRE_TICK, wire_tick{});
		printf("%zu\n", allocated() - before);
	}
}
