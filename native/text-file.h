// SPDX-License-Identifier: GPL-2.0-only
// Small text files of /proc: read into a fixed buffer, parsed by hand. What cannot be read is empty, never an error.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace ebtop {

// The file's content, or its first bytes where it is larger than `buffer`. Empty if it cannot be read: see errno.
std::string_view read_file(int dir, const char *path, char *buffer, size_t size);
template <size_t N> std::string_view read_file(int dir, const char *path, char (&buffer)[N])
{
	return read_file(dir, path, buffer, N);
}

// The same in one read(2), for files that the kernel makes in one piece: stat, status, io.
std::string_view read_once(int dir, const char *path, char *buffer, size_t size);
template <size_t N> std::string_view read_once(int dir, const char *path, char (&buffer)[N])
{
	return read_once(dir, path, buffer, N);
}

// The same as read_file for a file that stays open between two reads.
std::string_view read_again(int fd, char *buffer, size_t size);
template <size_t N> std::string_view read_again(int fd, char (&buffer)[N])
{
	return read_again(fd, buffer, N);
}

// The whole of a file of any size up to `limit`.
std::string read_whole(int dir, const char *path, size_t limit);

// A reader of blank-separated numbers. Past the end it yields 0.
class Cursor {
public:
	explicit Cursor(std::string_view text) : at_(text.data()), end_(text.data() + text.size()) {}

	uint64_t number(int base = 10);
	int64_t signed_number();
	std::string_view word();
	std::string_view rest_of_line();
	bool skip(std::string_view prefix);
	bool at_end() const { return at_ == end_; }

private:
	void skip_blanks();

	const char *at_;
	const char *end_;
};

// The number behind the first `label` in `text`, 0 where there is none.
uint64_t number_after(std::string_view text, std::string_view label, int base = 10);

// Takes the first line off `text`.
std::string_view take_line(std::string_view &text);

} // namespace ebtop
