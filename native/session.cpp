// SPDX-License-Identifier: GPL-2.0-only
#include "session.h"

#include "bpf/bpf-source.h"
#include "bpf/features.h"
#include "options.h"
#include "proc/proc-source.h"

namespace ebtop {

Napi::Error coded_error(Napi::Env env, const SourceError &source_error)
{
	Napi::Error error = Napi::Error::New(env, source_error.what());
	error.Set("code", source_error.code);
	return error;
}

Napi::Function Session::define(Napi::Env env)
{
	return DefineClass(env, "Session",
			   {InstanceMethod<&Session::drain>("drain"), InstanceMethod<&Session::sweep>("sweep"),
			    InstanceMethod<&Session::close>("close")});
}

Session::Session(const Napi::CallbackInfo &info) : Napi::ObjectWrap<Session>(info)
{
	try {
		SourceOptions options = read_options(info[0]);
		source_ = options.is_proc ? proc::open_source(options, bpf::why_unusable()) : bpf::open_source(options);
	} catch (const SourceError &error) {
		throw coded_error(info.Env(), error);
	}
}

Napi::Value Session::drain(const Napi::CallbackInfo &info)
{
	return collect(info.Env(), &Source::drain);
}

Napi::Value Session::sweep(const Napi::CallbackInfo &info)
{
	return collect(info.Env(), &Source::sweep);
}

// The bytes are copied out, so that a batch stays valid whatever comes after it.
Napi::Value Session::collect(Napi::Env env, void (Source::*fill)(Batch &))
{
	if (!source_)
		throw coded_error(env, SourceError("EBTOP_CLOSED", "The session is closed; open a new one."));
	batch_.clear();
	try {
		(source_.get()->*fill)(batch_);
	} catch (const SourceError &error) {
		throw coded_error(env, error);
	}
	Napi::Uint8Array bytes = Napi::Uint8Array::New(env, batch_.size());
	memcpy(bytes.Data(), batch_.data(), batch_.size());
	return bytes;
}

void Session::close(const Napi::CallbackInfo &)
{
	source_.reset();
}

} // namespace ebtop
