// SPDX-License-Identifier: GPL-2.0
// The stream that the addon and the linked-in libraries see as stderr (see README.md): what they print is discarded.
#include <stdio.h>

FILE *__wrap_stderr;

__attribute__((constructor)) static void open_stderr(void)
{
	__wrap_stderr = fopencookie(NULL, "w", (cookie_io_functions_t){0});
}
