// SPDX-License-Identifier: GPL-2.0-only
// Attaches the chosen probes, and detaches them.
#pragma once

#include <array>
#include <memory>
#include <vector>

#include "library-links.h"
#include "object.h"
#include "probe-choice.h"

struct bpf_link;

namespace ebtop::bpf {

// The state after the attempt to attach it, which may result in another variant or reason than was chosen.
struct AttachedProbe : ChosenProbe {
	bpf_link *link = nullptr;
	std::unique_ptr<LibraryLinks> in_libraries{};
	std::array<bpf_link *, 2> before{}; // of row->before
	int program_fd = -1;		    // the object's, while the link is
	bool is_called = false;		    // in its slots of the tail call table
	bool is_loaded = false;

	bool is_on() const { return link || is_called || (in_libraries && in_libraries->is_on()); }
};

class ProbeLinks {
public:
	// Call it after the object is loaded; both must outlive it.
	ProbeLinks(const Object &object, ProbeChoice &choice);
	~ProbeLinks();
	ProbeLinks(const ProbeLinks &) = delete;
	ProbeLinks &operator=(const ProbeLinks &) = delete;

	// Attaches those that are needed, and detaches others.
	void attach(uint64_t needs);
	// The rest is loaded, perhaps other variants than were first chosen; `problem` says why it is not.
	void add_rest(const ProbeChoice &choice, const std::string &problem);
	// What the last attach() was for.
	uint64_t needs() const { return needs_; }
	const std::vector<AttachedProbe> &probes() const { return probes_; }
	// Calls `use` with the links to C libraries, if there are any now.
	template <class Use> void in_libraries(Use use)
	{
		for (AttachedProbe &probe : probes_)
			if (probe.in_libraries)
				use(*probe.in_libraries);
	}

private:
	void add_to_calls(AttachedProbe &probe);
	void attach_hook(AttachedProbe &probe);
	void attach_before(AttachedProbe &probe);
	void attach_own(AttachedProbe &probe);

	bool is_loaded(const ChosenProbe &probe) const;

	const Object &object_;
	PerfForm &perf_;
	const bool is_perf_;
	std::vector<AttachedProbe> probes_;
	uint64_t needs_ = 0;
};

} // namespace ebtop::bpf
