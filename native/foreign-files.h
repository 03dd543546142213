// SPDX-License-Identifier: GPL-2.0-only
// Reads files of container runtimes. Other users may have put anything there, so only regular files are opened: nothing
// that blocks, has side effects or never ends.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <sys/types.h>

namespace ebtop {

// The content of a regular file of at most `limit` bytes. Nothing if it is something else, a link, larger, or unreadable.
// Blocks while the file system hangs. With `owner` only a file of that user: the path may be of that user's choice, with links
// in it.
std::optional<std::string> read_foreign_file(const std::string &path, size_t limit, std::optional<uid_t> owner);

// The names in a folder except hidden ones, each followed by a NUL, up to `limit` bytes. Nothing if there are none.
std::optional<std::string> list_foreign_folder(const std::string &path, size_t limit);

} // namespace ebtop
