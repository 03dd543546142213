// SPDX-License-Identifier: GPL-2.0-only
#include "bpf/ipc-mappings.h"

#include "bpf/iterator.h"
#include "../source.h"

namespace ebtop::bpf {

IpcMappings::IpcMappings(bpf_program *program) : link_(bpf_program__attach_iter(program, nullptr))
{
	if (!link_)
		throw SourceError("EBTOP_UNSUPPORTED",
				  "The iterator over memory mappings cannot be attached; run ebtop --probes to see why.");
}

IpcMappings::~IpcMappings()
{
	bpf_link__destroy(link_);
}

bool IpcMappings::is_due() const
{
	return pace_.is_due();
}

int IpcMappings::run()
{
	pace_.begin();
	int error = run_iterator(link_, bytes_);

	pace_.end();
	return error;
}

} // namespace ebtop::bpf
