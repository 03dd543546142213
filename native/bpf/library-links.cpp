// SPDX-License-Identifier: GPL-2.0-only
#include "bpf/library-links.h"

#include <bpf/libbpf.h>
#include <cerrno>
#include <cstring>
#include <iterator>
#include <string_view>
#include <sys/syscall.h>
#include <system_error>

#include "clock.h"
#include "elf-symbols.h"

namespace ebtop::bpf {
namespace {

constexpr std::string_view functions[] = {"getaddrinfo", "gethostbyname", "gethostbyname2"};
// The programs at their returns; at their entries it is ebtop_look_in.
constexpr const char *at_return[] = {"ebtop_look_out", "ebtop_look_got", "ebtop_look_got"};

// A program's library is looked for at once, and after so long, each time twice as long: on a busy machine the linker may take
// a while. Static programs have none.
constexpr uint64_t first_wait_ns = 50'000'000;
constexpr uint32_t most_looks = 7;	  // the last one after 3 s
constexpr uint64_t budget_ns = 2'000'000; // of each drain
constexpr size_t most_started = 4096;	  // beyond it, all processes are looked at

// What BPF_LINK_CREATE takes for these links.
struct MultiLink {
	uint32_t program, target, type, flags;
	uint64_t path, offsets, counters, cookies;
	uint32_t count, multi_flags, pid, unused;
};
constexpr uint32_t flag_return = 1;

std::string counted(size_t count, const char *what)
{
	return count == 0 ? std::string() : " " + std::to_string(count) + " " + what;
}

} // namespace

LibraryLinks::LibraryLinks(const Object &object, bool is_multi)
	: object_(object), is_multi_(is_multi), libraries_(most_libraries)
{
	for (uint32_t pid : libraries_.processes())
		look_at(pid);
	late_ = 0;
}

LibraryLinks::~LibraryLinks()
{
	if (closing_.joinable())
		closing_.join();
	for (auto &[file, links] : links_)
		for (bpf_link *link : links.single)
			bpf_link__destroy(link);
}

bool LibraryLinks::attach_multi(Links &links, const char *program, bool is_return, const std::string &path, uint64_t offset)
{
	MultiLink link{};

	link.program = bpf_program__fd(object_.program(program));
	link.type = multi;
	link.path = reinterpret_cast<uint64_t>(path.c_str());
	link.offsets = reinterpret_cast<uint64_t>(&offset);
	link.count = 1;
	link.multi_flags = is_return ? flag_return : 0;
	OwnedFd made(syscall(SYS_bpf, BPF_LINK_CREATE, &link, sizeof(link)));
	if (!made.is_open())
		return false;
	links.multi.push_back(std::move(made));
	return true;
}

bool LibraryLinks::attach_single(Links &links, const char *program, bool is_return, const std::string &path, uint64_t offset)
{
	bpf_link *link = bpf_program__attach_uprobe(object_.program(program), is_return, -1, path.c_str(), offset);

	if (link)
		links.single.push_back(link);
	return link;
}

// The returns first: a call without its entry is ignored.
void LibraryLinks::attach(const CLibraries::Found &found)
{
	std::vector<uint64_t> offsets = function_offsets(found.opened.get(), functions);
	std::string path = "/proc/self/fd/" + std::to_string(found.opened.get());
	Links links;

	for (bool is_return : {true, false})
		for (size_t at = 0; at < offsets.size(); at++) {
			const char *program = is_return ? at_return[at] : "ebtop_look_in";
			if (!offsets[at])
				continue;
			bool is_attached = is_multi_ ? attach_multi(links, program, is_return, path, offsets[at])
						     : attach_single(links, program, is_return, path, offsets[at]);
			if (!is_attached)
				error_ = errno;
		}
	if (links.multi.empty() && links.single.empty())
		return;
	links_[found.file] = std::move(links);
	late_++;
}

CLibraries::Look LibraryLinks::look_at(uint32_t pid)
{
	std::vector<CLibraries::Found> found;
	CLibraries::Look look = libraries_.look_at(pid, found);

	for (const CLibraries::Found &each : found)
		attach(each);
	return look;
}

void LibraryLinks::on_exec(uint32_t pid)
{
	if (!is_multi_)
		return;
	if (started_.size() < most_started)
		started_.push_back({pid, 0, 0});
	else
		look_at_all();
}

void LibraryLinks::look_at_all()
{
	if (is_looking_at_all_ || !is_multi_)
		return;
	is_looking_at_all_ = true;
	all_ = libraries_.processes();
}

void LibraryLinks::look_again()
{
	uint64_t now = boot_ns(), end = now + budget_ns;

	for (size_t left = started_.size(); left > 0 && boot_ns() < end; left--) {
		Process process = started_.front();
		started_.pop_front();
		if (process.due_ns <= now) {
			if (look_at(process.pid) != CLibraries::Look::none || ++process.looks >= most_looks)
				continue;
			process.due_ns = now + (first_wait_ns << (process.looks - 1));
		}
		started_.push_back(process);
	}
	while (!all_.empty() && boot_ns() < end) {
		look_at(all_.back());
		all_.pop_back();
	}
	if (!is_looking_at_all_ || !all_.empty())
		return;
	is_looking_at_all_ = false;
	if (!is_letting_go_)
		return;
	is_letting_go_ = false;
	std::vector<Links> gone;
	for (const CLibraries::File &file : libraries_.forget_unseen())
		if (auto links = links_.extract(file))
			gone.push_back(std::move(links.mapped()));
	close(std::move(gone));
}

// That waits until no CPU can be running the program: not on the thread of JavaScript.
void LibraryLinks::close(std::vector<Links> links)
{
	if (closing_.joinable())
		closing_.join();
	try {
		closing_ = std::thread([links = std::move(links)]() mutable { links.clear(); });
	} catch (const std::system_error &) { // no more threads: they are closed here
	}
}

void LibraryLinks::let_go()
{
	if (!is_multi_ || is_looking_at_all_ || !libraries_.has_unseen())
		return;
	is_letting_go_ = true;
	look_at_all();
}

std::string LibraryLinks::about() const
{
	std::string text = "Watched are the C libraries that processes ";

	text += is_multi_ ? "use: " : "used when ebtop started: ";
	text += std::to_string(links_.size()) + ".";
	if (!is_multi_)
		text += " Others that appear later are not: this needs Linux 6.6 or newer.";
	text += counted(late_, "appeared later: look-ups before ebtop found them, in about 0.1 s, are missing.");
	text += counted(libraries_.refused(), "are not: they are not root's, or not on a local file system.");
	text += counted(libraries_.denied(), "are not: opening them needs CAP_CHECKPOINT_RESTORE.");
	if (libraries_.is_full())
		text += " Others are not: they are too many.";
	if (error_)
		text += std::string(" Some functions cannot be probed: ") + strerror(error_) + ".";
	return text;
}

} // namespace ebtop::bpf
