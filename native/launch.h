// SPDX-License-Identifier: GPL-2.0-only
// A command that ebtop starts and follows: made at once, so that it can be watched before it does anything, run on a word.
#pragma once

#include <napi.h>
#include <sys/types.h>

namespace ebtop {

// The command's process while it can be signalled; 0 where there is none.
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
	int word_ = -1;	   // a byte in it lets the command run
	int problem_ = -1; // the error that exec ended with; nothing where it had none
};

} // namespace ebtop
