// SPDX-License-Identifier: GPL-2.0-only
// sizeof of every wire struct, so that JavaScript can check that its layout was generated from the same header.
#pragma once

#include <napi.h>

#include "../bpf/wire/wire.h"

namespace ebtop {

inline Napi::Object wire_sizes(Napi::Env env)
{
	Napi::Object sizes = Napi::Object::New(env);
	sizes.Set("wire_head", Napi::Number::New(env, sizeof(struct wire_head)));
#define SIZE(type, record) sizes.Set(#record, Napi::Number::New(env, sizeof(struct record)));
	WIRE_RECORDS(SIZE)
#undef SIZE
	return sizes;
}

} // namespace ebtop
