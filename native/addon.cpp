// SPDX-License-Identifier: GPL-2.0-only
// What JavaScript sees of the addon; index.d.ts is its contract.
#include <napi.h>

#include "bpf/features.h"
#include "session.h"
#include "wire-sizes.h"

namespace {

Napi::Value why_no_bpf(const Napi::CallbackInfo &info)
{
	std::optional<std::string> reason = ebtop::bpf::why_unusable();
	if (reason)
		return Napi::String::New(info.Env(), *reason);
	return info.Env().Null();
}

Napi::Object init(Napi::Env env, Napi::Object exports)
{
	exports.Set("Session", ebtop::Session::define(env));
	exports.Set("whyNoBpf", Napi::Function::New(env, why_no_bpf, "whyNoBpf"));
	exports.Set("wireSizes", ebtop::wire_sizes(env));
	exports.Set("wireVersion", Napi::Number::New(env, WIRE_VERSION));
	return exports;
}

} // namespace

NODE_API_MODULE(ebtop, init)
