// SPDX-License-Identifier: GPL-2.0-only
// Small text files of /proc: read into a fixed buffer, and parsed by hand since they are read thousands of times per
// refresh. An unreadable file is empty, never an error.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace ebtop {

// The content of the file, or its first bytes if it is larger than `buffer`. Empty if unreadable: see errno.
std::string_view read_file(int dir, const char *path, char *buffer, size_t size);
template <size_t N> std::string_view read_file(int dir, const char *path, char (&buffer)[N])
{
	return read_file(dir, path, buffer, N);
}

// The same in one read(2), for files that the kernel produces in one piece: stat, status, io.
std::string_view read_once(int dir, const char *path, char *buffer, size_t size);
template <size_t N> std::string_view read_once(int dir, const char *path, char (&buffer)[N])
{
	return read_once(dir, path, buffer, N);
}

// Like read_file, for a file that stays open between reads.
std::string_view read_again(int fd, char *buffer, size_t size);
template <size_t N> std::string_view read_again(int fd, char (&buffer)[N])
{
	return read_again(fd, buffer, N);
}

// A whole file of any size up to `limit`.
std::string read_whole(int dir, const char *path, size_t limit);

// Reads numbers separated by blanks. Returns 0 at the end.
class Cursor {
public:
	explicit Cursor(std::string_view text) : at_(text.data()), end_(text.data() + text.size()) {}

	uint64_t number(int base = 10);
	int64_t signed_number();
	std::string_view word();
	std::string_view rest_of_line();
	bool skip(std::string_view prefix);

private:
	void skip_blanks();

	const char *at_;
	const char *end_;
};

// The number after the first `label` in `text`, 0 if there is none.
uint64_t number_after(std::string_view text, std::string_view label, int base = 10);

// Removes the first line from `text` and returns it.
std::string_view take_line(std::string_view &text);

} // namespace ebtop
