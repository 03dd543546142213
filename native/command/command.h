// SPDX-License-Identifier: GPL-2.0-only
// A command that ebtop starts and follows: forked at once, so that it can be watched from the start; exec'ed when told to.
#pragma once

#include <napi.h>
#include <sys/types.h>

#include "owned-fd.h"

namespace ebtop {

class Command : public Napi::ObjectWrap<Command> {
public:
	static Napi::Function define(Napi::Env env);

	// CommandOptions of index.d.ts; throws EBTOP_FAILED.
	explicit Command(const Napi::CallbackInfo &info);

private:
	Napi::Value pid(const Napi::CallbackInfo &info);
	Napi::Value run(const Napi::CallbackInfo &info);

	pid_t pid_ = 0;
	bool is_apart_ = false;
	OwnedFd word_;	  // writing a byte lets the command run
	OwnedFd problem_; // yields the errno of a failed exec
};

} // namespace ebtop
