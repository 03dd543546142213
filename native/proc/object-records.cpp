// SPDX-License-Identifier: GPL-2.0-only
#include "object-records.h"

#include "../append-pass.h"
#include "../clock.h"

namespace ebtop::proc {

void append_object(Batch &batch, const Process &process, const Descriptor &descriptor)
{
	wire_object object = descriptor.object;

	object.head = process.record.head;
	object.head.time = boot_ns();
	object.name_len = descriptor.name.size();
	batch.append(WIRE_OBJECT, object, descriptor.name);
}

void ObjectRecords::append(Batch &batch) const
{
	for (const Process *process : processes_.wanted()) {
		bool has_changed = false;
		for (HeldObjects *scan : scans_)
			has_changed |= scan->take_change(*process);
		if (!has_changed)
			continue;
		append_pass(batch, WIRE_PASS_OBJECTS, false, process->record.head);
		for (HeldObjects *scan : scans_)
			for (const Descriptor &descriptor : scan->of(*process))
				append_object(batch, *process, descriptor);
		append_pass(batch, WIRE_PASS_OBJECTS, true, process->record.head);
	}
}

} // namespace ebtop::proc
