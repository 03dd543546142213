// SPDX-License-Identifier: GPL-2.0-only
// Where functions of a shared library are in its file. Any user may have made the file: everything is checked.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace ebtop {

// For each name the offset of the function in the file, 0 if the library does not export it. All are 0 if the file is no
// 64-bit ELF library of this machine, is damaged, or has more than 4 MB of symbols.
std::vector<uint64_t> function_offsets(int file, std::span<const std::string_view> names);

} // namespace ebtop
