// SPDX-License-Identifier: GPL-2.0-only
// Files that container runtimes keep: whatever lies in their place, nothing that blocks, acts or has no end is opened.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace ebtop {

// The content of a regular file of at most `limit` bytes; nothing where it is something else, a link, larger, or cannot be
// read. A hanging file system is waited for.
std::optional<std::string> read_foreign_file(const std::string &path, size_t limit);

// The names in a folder but hidden ones, each with a NUL behind it, up to `limit` bytes; nothing where there is none.
std::optional<std::string> list_foreign_folder(const std::string &path, size_t limit);

} // namespace ebtop
