// SPDX-License-Identifier: GPL-2.0-only
// The parsers of native/ that read untrusted input. Each takes one input, of exactly that size, and aborts the program if a
// property does not hold; AddressSanitizer and UBSan abort it at invalid reads and undefined behaviour.
#pragma once

#include <cstddef>
#include <cstdint>

void fuzz_sock_diag(const uint8_t *data, size_t size);
void fuzz_proc_events(const uint8_t *data, size_t size);
void fuzz_proc_text(const uint8_t *data, size_t size);
void fuzz_records(const uint8_t *data, size_t size);
