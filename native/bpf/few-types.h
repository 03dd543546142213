// SPDX-License-Identifier: GPL-2.0-only
// The kernel's types that the programs name: a few thousand of 150,000. To relocate the programs, libbpf compares each name
// with all of the kernel's, which took 70 ms of a start; with these it takes 1.
#pragma once

#include <string>
#include <vector>

#include "owned-fd.h"

struct bpf_object;
struct btf;

namespace ebtop::bpf {

class FewTypes {
public:
	FewTypes();
	FewTypes(const FewTypes &) = delete;
	FewTypes &operator=(const FewTypes &) = delete;

	// For libbpf's btf_custom_path, which it reads when the object is loaded; null: it has to compare all.
	const char *path() const { return path_.empty() ? nullptr : path_.c_str(); }
	// Those of `kernel` that have a name in the object's types. What is behind a pointer is left out. Call it before the
	// object is loaded.
	void fill(const btf *kernel, const bpf_object *object);
	// The kernel's ids, by those of path().
	const std::vector<unsigned> &ids() const { return ids_; }

private:
	OwnedFd file_; // in memory
	std::string path_;
	std::vector<unsigned> ids_;
};

} // namespace ebtop::bpf
