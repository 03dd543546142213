// SPDX-License-Identifier: GPL-2.0-only
// What this kernel offers, read from its BTF instead of inferred from its version.
#pragma once

#include <memory>
#include <optional>
#include <string>

struct btf;
struct btf_type;

namespace ebtop::bpf {

struct Features {
	// `is_old_forced`: for the old form of the programs, as if the kernel had only what that needs.
	explicit Features(bool is_old_forced = false);
	~Features();
	Features(const Features &) = delete;
	Features &operator=(const Features &) = delete;

	bool has_function(const char *name) const;
	bool has_struct(const char *name) const;
	// Whether an iterator over `target` can be loaded.
	bool has_iterator(const std::string &target) const;
	// The number of arguments of the tracepoint `name` if it can be attached with BTF, else -1.
	int tracepoint_arguments(const char *name) const;
	// Whether programs at the entry of the kernel function `name` load: "", or why not.
	std::string why_no_function_entry(const char *name) const;
	// Whether programs at the security hook `name` load: "", or why not.
	std::string why_no_security_hook(const char *name) const;
	bool is_pointer_argument(const char *tracepoint, int index) const;
	// Whether the tracepoints of queueing, issuing and merging a request to a block device have its queue as first
	// argument.
	bool is_queue_before_request() const { return tracepoint_arguments("block_rq_issue") == 2; }

	struct btf *vmlinux = nullptr;
	bool has_rdonly_cast = false;
	// Without bpf_loop (Linux 5.17): the old form of the programs (bpf/lib/form.bpf.h) is for it.
	bool is_old = false;
	bool skips_preempted = false; // whether it skips a tracepoint's program while a thread is preempted inside of it

private:
	const struct btf_type *tracepoint(const char *name) const;
};

// Why BPF cannot be used at all (privileges, BTF, lockdown), a sentence for the user; nothing if it can.
std::optional<std::string> why_unusable();

} // namespace ebtop::bpf
