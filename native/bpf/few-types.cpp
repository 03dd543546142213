// SPDX-License-Identifier: GPL-2.0-only
#include "bpf/few-types.h"

#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <new>
#include <string_view>
#include <sys/mman.h>
#include <unistd.h>
#include <unordered_map>
#include <unordered_set>

namespace ebtop::bpf {
namespace {

using Names = std::unordered_set<std::string_view>;

std::string_view name_of(const btf *types, const btf_type &type)
{
	std::string_view name = btf__name_by_offset(types, type.name_off);

	return name.substr(0, name.find("___")); // what follows is only to tell variants apart
}

bool can_be_looked_up(const btf_type &type)
{
	switch (btf_kind(&type)) {
	case BTF_KIND_INT:
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
	case BTF_KIND_ENUM:
	case BTF_KIND_ENUM64:
	case BTF_KIND_FWD:
	case BTF_KIND_TYPEDEF:
	case BTF_KIND_FLOAT:
		return type.name_off;
	default:
		return false;
	}
}

Names names_in(const btf *types)
{
	Names names;

	for (unsigned id = 1; id < btf__type_cnt(types); id++)
		if (const btf_type &type = *btf__type_by_id(types, id); can_be_looked_up(type))
			names.insert(name_of(types, type));
	return names;
}

// Calls `visit` with each reference to another type.
template <class Visit> void each_reference(btf_type &type, const Visit &visit)
{
	switch (btf_kind(&type)) {
	case BTF_KIND_PTR:
	case BTF_KIND_TYPEDEF:
	case BTF_KIND_CONST:
	case BTF_KIND_VOLATILE:
	case BTF_KIND_RESTRICT:
	case BTF_KIND_TYPE_TAG:
		visit(type.type);
		break;
	case BTF_KIND_ARRAY:
		visit(btf_array(&type)->type);
		visit(btf_array(&type)->index_type);
		break;
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		for (int i = 0; i < btf_vlen(&type); i++)
			visit(btf_members(&type)[i].type);
		break;
	}
}

class Copy {
public:
	Copy(const btf *kernel, std::vector<unsigned> &ids) : kernel_(kernel), types_(btf__new_empty()), ids_(ids)
	{
		ids_.assign(1, 0);
	}
	~Copy() { btf__free(types_); }

	// Returns the id here; 0 is void.
	unsigned add(unsigned id)
	{
		auto [known, is_new] = known_.emplace(id, 0);
		if (!id || !is_new || btf_is_func_proto(btf__type_by_id(kernel_, id)))
			return known->second;
		int added = btf__add_type(types_, kernel_, btf__type_by_id(kernel_, id));
		if (added < 0) {
			has_failed_ = true;
			return 0;
		}
		known->second = added;
		ids_.push_back(id);
		return added;
	}

	// Adds what the added types consist of. To libbpf all pointers are the same: theirs is to void.
	void complete()
	{
		for (unsigned id = 1; id < ids_.size() && !has_failed_; id++) {
			bool is_pointer = btf_is_ptr(btf__type_by_id(types_, id));
			std::vector<unsigned> references; // adding moves the types
			each_reference(type(id), [&](unsigned reference) { references.push_back(reference); });
			for (unsigned &reference : references)
				reference = is_pointer ? 0 : add(reference);
			auto next = references.begin();
			each_reference(type(id), [&](unsigned &reference) { reference = *next++; });
		}
	}

	std::string_view bytes() const
	{
		unsigned size = 0;
		const void *bytes = has_failed_ ? nullptr : btf__raw_data(types_, &size);
		return {static_cast<const char *>(bytes), bytes ? size : 0};
	}

private:
	btf_type &type(unsigned id) { return *const_cast<btf_type *>(btf__type_by_id(types_, id)); }

	const btf *kernel_;
	btf *types_;
	std::unordered_map<unsigned, unsigned> known_; // id in the kernel -> id here
	std::vector<unsigned> &ids_;
	bool has_failed_ = false;
};

} // namespace

FewTypes::FewTypes() : file_(memfd_create("ebtop-types", MFD_CLOEXEC))
{
#ifndef EBTOP_WITHOUT_SHARED_BTF
	std::string path = "/proc/self/fd/" + std::to_string(file_.get());

	if (!access(path.c_str(), R_OK))
		path_ = path;
#endif
}

void FewTypes::fill(const btf *kernel, const bpf_object *object)
{
	const btf *own = bpf_object__btf(object);

	if (!path() || !ids_.empty() || !kernel || !own)
		return;
	Names names = names_in(own);
	Copy copy(kernel, ids_);
	for (unsigned id = 1; id < btf__type_cnt(kernel); id++) {
		const btf_type &type = *btf__type_by_id(kernel, id);
		if (can_be_looked_up(type) && names.contains(name_of(kernel, type)))
			copy.add(id);
	}
	copy.complete();
	std::string_view bytes = copy.bytes();
	if (bytes.empty() || write(file_.get(), bytes.data(), bytes.size()) != ssize_t(bytes.size()))
		throw std::bad_alloc();
}

} // namespace ebtop::bpf
