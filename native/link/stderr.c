// SPDX-License-Identifier: GPL-2.0
// The stream that the linked-in libraries see as stderr (see README.md).
#include <stdio.h>

FILE *__wrap_stderr;

__attribute__((constructor)) static void open_stderr(void)
{
	__wrap_stderr = fdopen(2, "w");
	if (__wrap_stderr)
		setvbuf(__wrap_stderr, NULL, _IONBF, 0);
}
