// SPDX-License-Identifier: GPL-2.0-only
// The parsers of native/ that read what comes from outside. Each takes one input, of exactly that size, and ends the program
// where something does not hold; AddressSanitizer and UBSan do where it reads or computes what it must not.
#pragma once

#include <cstddef>
#include <cstdint>

void fuzz_sock_diag(const uint8_t *data, size_t size);
void fuzz_proc_events(const uint8_t *data, size_t size);
void fuzz_proc_text(const uint8_t *data, size_t size);
void fuzz_records(const uint8_t *data, size_t size);
