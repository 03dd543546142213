// SPDX-License-Identifier: GPL-2.0-only
// Opens and completes a source on a thread of libuv's pool, because the verifier takes a tenth of a second or two.
#pragma once

#include <memory>
#include <optional>

#include <napi.h>

#include "source.h"

namespace ebtop {

class SessionOpening : public Napi::AsyncWorker {
public:
	// Returns a promise of an object of session_class.
	static Napi::Promise start(Napi::Function session_class, SourceOptions options);

private:
	SessionOpening(Napi::Function session_class, SourceOptions options);
	void Execute() override;
	void OnOK() override;

	Napi::FunctionReference session_class_;
	Napi::Promise::Deferred deferred_;
	SourceOptions options_;
	std::unique_ptr<Source> source_;
	std::optional<SourceError> error_;
};

class SessionCompletion : public Napi::AsyncWorker {
public:
	static Napi::Promise start(Napi::Env env, std::shared_ptr<Source> source);

private:
	SessionCompletion(Napi::Env env, std::shared_ptr<Source> source);
	void Execute() override { source_->load_rest(); }
	void OnOK() override;

	Napi::Promise::Deferred deferred_;
	std::shared_ptr<Source> source_;
};

} // namespace ebtop
