// SPDX-License-Identifier: GPL-2.0
// The classes of all system calls of this architecture, and of 32-bit calls where their numbers differ.
#include "lib/call-event.bpf.h"
#include "lib/calls.bpf.h"

const volatile __u8 call_class[2][WIRE_CALL_NUMBERS] = {
	[WIRE_ABI_NATIVE] = {NATIVE_CALL_CLASSES},
	[WIRE_ABI_COMPAT] = {COMPAT_CALL_CLASSES},
};

const volatile __u8 event_calls[2][WIRE_CALL_NUMBERS][EVENT_COLUMNS] = {
	[WIRE_ABI_NATIVE] = {NATIVE_EVENT_CALLS},
	[WIRE_ABI_COMPAT] = {COMPAT_EVENT_CALLS},
};
