// SPDX-License-Identifier: GPL-2.0-only
// Programs at the functions of C libraries that look up host names. Libraries that appear later are found through the
// processes that begin a program: their dynamic linker maps one a moment later.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include <linux/bpf.h>

#include "c-libraries.h"
#include "object.h"
#include "owned-fd.h"

struct bpf_link;

namespace ebtop::bpf {

// C libraries that are watched at most.
inline constexpr size_t most_libraries = 64;

class LibraryLinks {
public:
	// BPF_TRACE_UPROBE_MULTI of include/uapi/linux/bpf.h since 6.6; older headers lack it.
	static constexpr bpf_attach_type multi = bpf_attach_type(48);

	// Attaches to all that processes map now. `is_multi`: by links that can be made after the lockdown (Linux 6.6).
	LibraryLinks(const Object &object, bool is_multi);
	~LibraryLinks();
	LibraryLinks(const LibraryLinks &) = delete;
	LibraryLinks &operator=(const LibraryLinks &) = delete;

	// The process began a program.
	void on_exec(uint32_t pid);
	// Programs began and were not reported.
	void on_loss() { look_at_all(); }
	// Attaches to libraries that appeared.
	void look_again();
	// Detaches from libraries that no process maps any more: their file systems can be unmounted. Once per refresh.
	void let_go();

	bool is_on() const { return is_multi_ || !links_.empty(); }
	// Sentences about which libraries these are.
	std::string about() const;

private:
	struct Links {
		std::vector<OwnedFd> multi;
		std::vector<bpf_link *> single;
	};
	struct Process {
		uint32_t pid;
		uint32_t looks; // so far
		uint64_t due_ns;
	};

	void attach(const CLibraries::Found &found);
	bool attach_multi(Links &links, const char *program, bool is_return, const std::string &path, uint64_t offset);
	bool attach_single(Links &links, const char *program, bool is_return, const std::string &path, uint64_t offset);
	void look_at_all();
	void close(std::vector<Links> links);
	CLibraries::Look look_at(uint32_t pid);

	const Object &object_;
	const bool is_multi_;
	CLibraries libraries_;
	std::map<CLibraries::File, Links> links_; // of libraries that have such functions
	std::deque<Process> started_;
	std::vector<uint32_t> all_; // left of a look at all processes
	bool is_looking_at_all_ = false, is_letting_go_ = false;
	std::thread closing_;
	size_t late_ = 0; // libraries that appeared after the start
	int error_ = 0;
};

} // namespace ebtop::bpf
