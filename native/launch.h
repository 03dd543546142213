// SPDX-License-Identifier: GPL-2.0-only
// A command that ebtop starts and follows: forked at once, so that it can be watched from the start; exec'ed when told to.
#pragma once

#include <napi.h>
#include <sys/types.h>

namespace ebtop {

// The pid of the command while it can be signalled, else 0.
pid_t launched_pid();

class Command : public Napi::ObjectWrap<Command> {
public:
	static Napi::Function define(Napi::Env env);

	// { argv, env, cwd?, uid?, gid?, groups?, isApart } as in index.d.ts; throws EBTOP_FAILED.
	explicit Command(const Napi::CallbackInfo &info);
	~Command() override;

private:
	Napi::Value pid(const Napi::CallbackInfo &info);
	Napi::Value run(const Napi::CallbackInfo &info);

	pid_t pid_ = 0;
	bool is_apart_ = false;
	int word_ = -1;	   // writing a byte lets the command run
	int problem_ = -1; // yields the errno of a failed exec
};

} // namespace ebtop
