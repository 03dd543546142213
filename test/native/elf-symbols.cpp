// SPDX-License-Identifier: GPL-2.0-only
// Prints where two functions are in the file that the first argument names. With a seed and a number of cases: damages
// copies of the file's headers and symbols in that many ways, and prints how many cases there were; it must not crash.
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <random>
#include <string>
#include <sys/mman.h>
#include <unistd.h>

#include "../../native/elf-symbols.h"

static constexpr std::string_view names[] = {"getaddrinfo", "eb_nowhere"};

static std::string content_of(const char *path)
{
	int file = open(path, O_RDONLY | O_CLOEXEC);
	std::string bytes(size_t(lseek(file, 0, SEEK_END)), '\0');

	if (pread(file, bytes.data(), bytes.size(), 0) != ssize_t(bytes.size()))
		exit(1);
	close(file);
	return bytes;
}

static void damage(const std::string &whole, unsigned seed, long cases)
{
	std::mt19937_64 random(seed);
	int file = memfd_create("eb-elf", MFD_CLOEXEC);
	uint64_t headers = *reinterpret_cast<const uint64_t *>(whole.data() + 40);

	for (long done = 0; done < cases; done++) {
		std::string bytes = whole;
		for (int change = 0; change < 4; change++) {
			uint64_t place = random() % 3 ? random() % 64 : headers + random() % (bytes.size() - headers);
			bytes[place] = char(random());
		}
		size_t size = random() % 8 ? bytes.size() : random() % bytes.size();
		if (ftruncate(file, 0) || pwrite(file, bytes.data(), size, 0) != ssize_t(size))
			exit(1);
		ebtop::function_offsets(file, names);
	}
	printf("%ld\n", cases);
}

int main(int argc, char **argv)
{
	if (argc > 3) {
		damage(content_of(argv[1]), unsigned(atol(argv[2])), atol(argv[3]));
		return 0;
	}
	for (uint64_t offset : ebtop::function_offsets(open(argv[1], O_RDONLY | O_CLOEXEC), names))
		printf("%#lx\n", offset);
}
