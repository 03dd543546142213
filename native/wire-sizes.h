// SPDX-License-Identifier: GPL-2.0-only
// sizeof of every wire struct, so that JavaScript can tell whether it was generated from the same header.
#pragma once

#include <napi.h>

#include "../bpf/wire/wire.h"

namespace ebtop {

inline Napi::Object wire_sizes(Napi::Env env)
{
	Napi::Object sizes = Napi::Object::New(env);
#define SIZE(name) sizes.Set(#name, Napi::Number::New(env, sizeof(struct name)))
	SIZE(wire_head);
	SIZE(wire_process);
	SIZE(wire_exec);
	SIZE(wire_text);
	SIZE(wire_exit);
	SIZE(wire_oom);
	SIZE(wire_signal);
	SIZE(wire_syscall);
	SIZE(wire_latency);
	SIZE(wire_spill);
	SIZE(wire_sample);
	SIZE(wire_object);
	SIZE(wire_io);
	SIZE(wire_position);
	SIZE(wire_tcp);
	SIZE(wire_fd_pass);
	SIZE(wire_system);
	SIZE(wire_probe);
	SIZE(wire_map);
	SIZE(wire_name);
	SIZE(wire_pass);
	SIZE(wire_tick);
#undef SIZE
	return sizes;
}

} // namespace ebtop
