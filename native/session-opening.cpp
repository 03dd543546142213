// SPDX-License-Identifier: GPL-2.0-only
#include "session-opening.h"

#include "early-opening.h"
#include "session.h"

namespace ebtop {

Napi::Promise SessionOpening::start(Napi::Function session_class, SourceOptions options)
{
	auto *opening = new SessionOpening(session_class, std::move(options)); // deletes itself when it is done
	Napi::Promise promise = opening->deferred_.Promise();
	opening->Queue();
	return promise;
}

SessionOpening::SessionOpening(Napi::Function session_class, SourceOptions options)
	: Napi::AsyncWorker(session_class.Env(), "ebtop-open"), session_class_(Napi::Persistent(session_class)),
	  deferred_(Napi::Promise::Deferred::New(session_class.Env())), options_(std::move(options))
{
}

void SessionOpening::Execute()
{
	try {
		source_ = take_early(options_);
		if (!source_)
			source_ = open_source(options_);
	} catch (const SourceError &error) {
		error_ = error; // SetError() would keep the message and lose the code
	}
}

void SessionOpening::OnOK()
{
	if (error_)
		deferred_.Reject(coded_error(Env(), *error_).Value());
	else
		deferred_.Resolve(session_class_.New({Napi::External<std::unique_ptr<Source>>::New(Env(), &source_)}));
}

Napi::Promise SessionCompletion::start(Napi::Env env, std::shared_ptr<Source> source)
{
	auto *completion = new SessionCompletion(env, std::move(source)); // deletes itself when it is done
	Napi::Promise promise = completion->deferred_.Promise();
	completion->Queue();
	return promise;
}

SessionCompletion::SessionCompletion(Napi::Env env, std::shared_ptr<Source> source)
	: Napi::AsyncWorker(env, "ebtop-complete"), deferred_(Napi::Promise::Deferred::New(env)), source_(std::move(source))
{
}

// If the session was closed meanwhile, nothing is attached any more.
void SessionCompletion::OnOK()
{
	bool is_closed = source_.use_count() == 1;

	try {
		if (!is_closed)
			source_->attach_rest();
		deferred_.Resolve(Env().Undefined());
	} catch (const SourceError &error) {
		deferred_.Reject(coded_error(Env(), error).Value());
	}
}

} // namespace ebtop
