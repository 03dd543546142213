// SPDX-License-Identifier: GPL-2.0-only
// The JavaScript class Session: one source, one buffer. It has no global state, so it works in a worker.
#pragma once

#include <memory>

#include <napi.h>

#include "privileges/rights.h"
#include "source.h"

namespace ebtop {

Napi::Error coded_error(Napi::Env env, const SourceError &error);

// Loads and attaches; throws SourceError.
std::unique_ptr<Source> open_source(const SourceOptions &options);

class Session : public Napi::ObjectWrap<Session> {
public:
	static Napi::Function define(Napi::Env env);
	explicit Session(const Napi::CallbackInfo &info);

private:
	static void open_early(const Napi::CallbackInfo &info);
	static Napi::Value open(const Napi::CallbackInfo &info);
	Napi::Value drain(const Napi::CallbackInfo &info);
	Napi::Value sweep(const Napi::CallbackInfo &info);
	Napi::Value complete(const Napi::CallbackInfo &info);
	void want(const Napi::CallbackInfo &info);
	void follow(const Napi::CallbackInfo &info);
	Napi::Value lock_down(const Napi::CallbackInfo &info);
	void close(const Napi::CallbackInfo &info);
	template <class Fill> Napi::Value collect(Napi::Env env, Fill fill);

	std::shared_ptr<Source> source_; // shared with the thread that completes it
	Rights rights_;
	Batch batch_;
};

} // namespace ebtop
