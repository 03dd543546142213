// SPDX-License-Identifier: GPL-2.0-only
#include "bpf/library-links.h"

#include <bpf/libbpf.h>
#include <cerrno>
#include <cstring>
#include <string_view>

#include "c-libraries.h"
#include "elf-symbols.h"

namespace ebtop::bpf {
namespace {

constexpr std::string_view functions[] = {"getaddrinfo", "gethostbyname", "gethostbyname2"};
// The programs at their returns; at their entries it is ebtop_look_in.
constexpr const char *at_return[] = {"ebtop_look_out", "ebtop_look_got", "ebtop_look_got"};

std::string counted(size_t count, const char *what)
{
	return count == 0 ? std::string() : " " + std::to_string(count) + " " + what;
}

} // namespace

std::vector<bpf_link *> attach_to_libraries(const Object &object, std::string &about)
{
	CLibraries libraries = find_c_libraries(most_libraries);
	std::vector<bpf_link *> links;
	size_t watched = 0;
	int error = 0;

	auto attach = [&](const char *name, bool is_return, const std::string &path, uint64_t offset) {
		bpf_program *program = object.program(name);
		bpf_link *link = bpf_program__attach_uprobe(program, is_return, -1, path.c_str(), offset);
		if (link)
			links.push_back(link);
		else
			error = errno;
	};
	for (const OwnedFd &file : libraries.files) {
		std::vector<uint64_t> offsets = function_offsets(file.get(), functions);
		std::string path = "/proc/self/fd/" + std::to_string(file.get());
		size_t before = links.size();
		for (size_t at = 0; at < offsets.size(); at++) {
			if (!offsets[at])
				continue;
			attach(at_return[at], true, path, offsets[at]);
			attach("ebtop_look_in", false, path, offsets[at]);
		}
		watched += links.size() > before;
	}
	about = "Watched are the C libraries that processes used when ebtop started: " + std::to_string(watched) + ".";
	about += counted(libraries.refused, "are not: they are not root's, or not on a local file system.");
	about += counted(libraries.denied, "are not: opening them needs CAP_SYS_ADMIN.");
	about += counted(libraries.beyond, "are not: they are too many.");
	if (error)
		about += std::string(" Some functions cannot be probed: ") + strerror(error) + ".";
	return links;
}

} // namespace ebtop::bpf
