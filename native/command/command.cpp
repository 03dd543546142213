// SPDX-License-Identifier: GPL-2.0-only
#include "command/command.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <string>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include "command/child.h"
#include "command/signals.h"
#include "session.h"

namespace ebtop {
namespace {

Napi::Error failure(Napi::Env env, const char *what)
{
	return coded_error(env, SourceError("EBTOP_FAILED", std::string(what) + ": " + strerror(errno) + "."));
}

struct Pipe {
	OwnedFd out, in;

	explicit Pipe(Napi::Env env)
	{
		int ends[2];

		if (pipe2(ends, O_CLOEXEC) < 0)
			throw failure(env, "No pipe can be made");
		out = OwnedFd(ends[0]);
		in = OwnedFd(ends[1]);
	}
};

struct End {
	int error = 0;
	int status = 0;
};

// Waits in its own thread. The pid stays the command's until waitid() reaps it, so no other process can get its signals.
End wait_for_end(pid_t pid, OwnedFd problem)
{
	End end;
	siginfo_t info;

	while (read(problem.get(), &end.error, sizeof(end.error)) < 0 && errno == EINTR)
		;
	problem.reset();
	while (waitid(P_PID, pid, &info, WEXITED | WNOWAIT) < 0 && errno == EINTR)
		;
	set_command_pid(0);
	while (waitpid(pid, &end.status, 0) < 0 && errno == EINTR)
		;
	return end;
}

Napi::Value described(Napi::Env env, const End &end)
{
	Napi::Object object = Napi::Object::New(env);
	bool is_signal = WIFSIGNALED(end.status);

	object.Set("error", Napi::Number::New(env, end.error));
	object.Set("code", is_signal ? env.Null() : Napi::Value(Napi::Number::New(env, WEXITSTATUS(end.status))));
	object.Set("signal", is_signal ? Napi::Value(Napi::Number::New(env, WTERMSIG(end.status))) : env.Null());
	return object;
}

} // namespace

Napi::Function Command::define(Napi::Env env)
{
	return DefineClass(env, "Command", {InstanceAccessor<&Command::pid>("pid"), InstanceMethod<&Command::run>("run")});
}

Command::Command(const Napi::CallbackInfo &info) : Napi::ObjectWrap<Command>(info)
{
	CommandPlan plan(info[0].As<Napi::Object>());
	Pipe word(info.Env()), problem(info.Env());

	pid_t pid = fork();
	if (pid == 0) {
		word.in.reset(); // or ebtop would never be seen to close it
		become_command(plan, word.out.get(), problem.in.get());
	}
	if (pid < 0)
		throw failure(info.Env(), "No process can be made");
	pid_ = pid;
	is_apart_ = plan.is_apart;
	word_ = std::move(word.in);
	problem_ = std::move(problem.out);
	set_command_pid(pid);
}

Napi::Value Command::pid(const Napi::CallbackInfo &info)
{
	return Napi::Number::New(info.Env(), pid_);
}

Napi::Value Command::run(const Napi::CallbackInfo &info)
{
	Napi::Promise::Deferred deferred = Napi::Promise::Deferred::New(info.Env());
	Napi::ThreadSafeFunction done = Napi::ThreadSafeFunction::New(
		info.Env(), Napi::Function::New(info.Env(), [](const Napi::CallbackInfo &) {}), "command", 1, 1);
	OwnedFd word = std::move(word_);

	if (!is_apart_)
		pass_signals_on();
	std::thread([pid = pid_, problem = std::move(problem_), done, deferred]() mutable {
		End end = wait_for_end(pid, std::move(problem));
		done.BlockingCall([deferred, end](Napi::Env env, Napi::Function) { deferred.Resolve(described(env, end)); });
		done.Release();
	}).detach();
	if (write(word.get(), "", 1) < 0) {
		// It is gone already: that is how it ended.
	}
	return deferred.Promise();
}

} // namespace ebtop
