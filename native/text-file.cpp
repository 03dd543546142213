// SPDX-License-Identifier: GPL-2.0-only
#include "text-file.h"

#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

#include "owned-fd.h"

namespace ebtop {

namespace {

int digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return 99;
}

} // namespace

std::string_view read_file(int dir, const char *path, char *buffer, size_t size)
{
	OwnedFd file(openat(dir, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
	if (!file.is_open())
		return {};
	std::string_view text = read_again(file.get(), buffer, size);
	return text;
}

std::string_view read_once(int dir, const char *path, char *buffer, size_t size)
{
	OwnedFd file(openat(dir, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
	if (!file.is_open())
		return {};
	ssize_t got = read(file.get(), buffer, size);
	return {buffer, got > 0 ? size_t(got) : 0};
}

std::string_view read_again(int fd, char *buffer, size_t size)
{
	size_t used = 0;

	while (used < size) {
		ssize_t got = pread(fd, buffer + used, size - used, off_t(used));
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		used += got;
	}
	return {buffer, used};
}

std::string read_whole(int dir, const char *path, size_t limit)
{
	std::string text;
	OwnedFd file(openat(dir, path, O_RDONLY | O_CLOEXEC));

	if (!file.is_open())
		return text;
	while (text.size() < limit) {
		size_t used = text.size();
		text.resize(used + 16384);
		ssize_t got = read(file.get(), text.data() + used, 16384);
		text.resize(used + (got > 0 ? got : 0));
		if (got <= 0)
			break;
	}
	return text;
}

void Cursor::skip_blanks()
{
	while (at_ < end_ && (*at_ == ' ' || *at_ == '\t'))
		at_++;
}

uint64_t Cursor::number(int base)
{
	uint64_t value = 0;

	skip_blanks();
	for (; at_ < end_ && digit_of(*at_) < base; at_++)
		value = value * base + digit_of(*at_);
	return value;
}

int64_t Cursor::signed_number()
{
	skip_blanks();
	bool is_negative = skip("-");
	uint64_t value = number();
	return int64_t(is_negative ? 0 - value : value);
}

std::string_view Cursor::word()
{
	skip_blanks();
	const char *begin = at_;
	while (at_ < end_ && *at_ != ' ' && *at_ != '\t' && *at_ != '\n')
		at_++;
	return {begin, size_t(at_ - begin)};
}

std::string_view Cursor::rest_of_line()
{
	skip_blanks();
	const char *begin = at_;
	while (at_ < end_ && *at_ != '\n')
		at_++;
	return {begin, size_t(at_ - begin)};
}

bool Cursor::skip(std::string_view prefix)
{
	if (size_t(end_ - at_) < prefix.size() || std::string_view(at_, prefix.size()) != prefix)
		return false;
	at_ += prefix.size();
	return true;
}

uint64_t number_after(std::string_view text, std::string_view label, int base)
{
	size_t at = text.find(label);

	return at == text.npos ? 0 : Cursor(text.substr(at + label.size())).number(base);
}

std::string_view take_line(std::string_view &text)
{
	size_t end = text.find('\n');
	std::string_view line = text.substr(0, end);

	text.remove_prefix(end == text.npos ? text.size() : end + 1);
	return line;
}

} // namespace ebtop
