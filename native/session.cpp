// SPDX-License-Identifier: GPL-2.0-only
#include "session.h"

#include "bpf/bpf-source.h"
#include "bpf/features.h"
#include "early-opening.h"
#include "options.h"
#include "privileges/lock-down.h"
#include "proc/proc-source.h"
#include "session-opening.h"
#include "system.h"

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
			   {StaticMethod<&Session::open_early>("openEarly"), StaticMethod<&Session::open>("open"),
			    InstanceMethod<&Session::complete>("complete"), InstanceMethod<&Session::drain>("drain"),
			    InstanceMethod<&Session::sweep>("sweep"), InstanceMethod<&Session::want>("want"),
			    InstanceMethod<&Session::follow>("follow"), InstanceMethod<&Session::lock_down>("lockDown"),
			    InstanceMethod<&Session::close>("close")});
}

namespace {

// Lack of memory or threads is reported like every other failure, since an uncaught exception would end the program.
template <class Action> auto as_source_error(Action action)
{
	try {
		return action();
	} catch (const SourceError &) {
		throw;
	} catch (const std::exception &error) {
		throw SourceError("EBTOP_FAILED", std::string("The system has no more resources (") + error.what() +
							  "); free some memory and start again.");
	}
}

} // namespace

std::unique_ptr<Source> open_source(const SourceOptions &options)
{
	return as_source_error([&] {
		if (!options.is_proc)
			return bpf::open_source(options);
		return proc::open_source(options, options.why_not_bpf.empty() ? bpf::why_unusable() : options.why_not_bpf);
	});
}

Session::Session(const Napi::CallbackInfo &info) : Napi::ObjectWrap<Session>(info)
{
	if (info[0].IsExternal()) {
		source_ = std::move(*info[0].As<Napi::External<std::unique_ptr<Source>>>().Data());
		return;
	}
	try {
		source_ = open_source(read_options(info[0]));
	} catch (const SourceError &error) {
		throw coded_error(info.Env(), error);
	}
}

// Wrong options are left to open().
void Session::open_early(const Napi::CallbackInfo &info)
{
	try {
		ebtop::open_early(read_options(info[0]));
	} catch (const SourceError &) {
	}
}

// A promise, so that wrong options reject it like all other failures.
Napi::Value Session::open(const Napi::CallbackInfo &info)
{
	try {
		return SessionOpening::start(info.This().As<Napi::Function>(), read_options(info[0]));
	} catch (const SourceError &error) {
		Napi::Promise::Deferred failed = Napi::Promise::Deferred::New(info.Env());
		failed.Reject(coded_error(info.Env(), error).Value());
		return failed.Promise();
	}
}

Napi::Value Session::complete(const Napi::CallbackInfo &info)
{
	if (!source_)
		throw coded_error(info.Env(), SourceError("EBTOP_CLOSED", "The session is closed; open a new one."));
	return SessionCompletion::start(info.Env(), source_);
}

// The bytes are copied, so a batch stays valid after later calls.
template <class Fill> Napi::Value Session::collect(Napi::Env env, Fill fill)
{
	if (!source_)
		throw coded_error(env, SourceError("EBTOP_CLOSED", "The session is closed; open a new one."));
	batch_.clear();
	try {
		as_source_error(fill);
	} catch (const SourceError &error) {
		throw coded_error(env, error);
	}
	Napi::Uint8Array bytes = Napi::Uint8Array::New(env, batch_.size());
	if (batch_.size()) // data() may be null if it is empty
		memcpy(bytes.Data(), batch_.data(), batch_.size());
	return bytes;
}

Napi::Value Session::drain(const Napi::CallbackInfo &info)
{
	uint32_t most = info[0].IsNumber() ? info[0].As<Napi::Number>().Uint32Value() : UINT32_MAX;
	return collect(info.Env(), [this, most] { source_->drain(batch_, most); });
}

Napi::Value Session::sweep(const Napi::CallbackInfo &info)
{
	double busy_ms = info[0].IsNumber() ? info[0].As<Napi::Number>().DoubleValue() : 0;
	return collect(info.Env(), [this, busy_ms] {
		source_->sweep(batch_);
		rights_.append(batch_, *source_);
		System::append_tick(batch_, busy_ms > 0 && busy_ms < 1e12 ? uint64_t(busy_ms * 1e6) : 0);
	});
}

void Session::want(const Napi::CallbackInfo &info)
{
	if (!source_)
		throw coded_error(info.Env(), SourceError("EBTOP_CLOSED", "The session is closed; open a new one."));
	try {
		source_->want(read_concerns(info[0]));
	} catch (const SourceError &error) {
		throw coded_error(info.Env(), error);
	}
}

void Session::follow(const Napi::CallbackInfo &info)
{
	if (!source_)
		throw coded_error(info.Env(), SourceError("EBTOP_CLOSED", "The session is closed; open a new one."));
	try {
		source_->follow(info[0].IsNumber() ? info[0].As<Napi::Number>().Uint32Value() : 0);
	} catch (const SourceError &error) {
		throw coded_error(info.Env(), error);
	}
}

Napi::Value Session::lock_down(const Napi::CallbackInfo &info)
{
	if (!source_)
		throw coded_error(info.Env(), SourceError("EBTOP_CLOSED", "The session is closed; open a new one."));
	rights_.forget();
	return Napi::String::New(info.Env(), ebtop::lock_down(source_.get()));
}

void Session::close(const Napi::CallbackInfo &)
{
	source_.reset();
}

} // namespace ebtop
