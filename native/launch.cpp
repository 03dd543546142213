// SPDX-License-Identifier: GPL-2.0-only
#include "launch.h"

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <grp.h>
#include <string>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include "session.h"

namespace ebtop {

namespace {

std::atomic<pid_t> command_pid{0};

// Signals that others send to ebtop alone are meant for the command. Those of the terminal reach it anyway: it is in ebtop's
// process group.
constexpr int passed_on[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGALRM, SIGCONT};
struct sigaction earlier[NSIG];

void pass_on(int signal, siginfo_t *info, void *)
{
	pid_t pid = command_pid;
	int error = errno;

	if (!pid) {
		if (earlier[signal].sa_handler != SIG_DFL && earlier[signal].sa_handler != SIG_IGN)
			earlier[signal].sa_handler(signal); // libuv's handler
	} else if (info->si_code <= 0 && info->si_pid != pid) {
		kill(pid, signal);
	}
	errno = error;
}

void begin_passing_on()
{
	struct sigaction action = {};
	sigset_t set;

	sigemptyset(&set);
	action.sa_sigaction = pass_on;
	action.sa_flags = SA_SIGINFO | SA_RESTART;
	sigfillset(&action.sa_mask);
	for (int signal : passed_on) {
		sigaction(signal, &action, &earlier[signal]);
		sigaddset(&set, signal);
	}
	sigprocmask(SIG_UNBLOCK, &set, nullptr); // Node blocks SIGUSR1 so that it opens no debugger
}

// All that the child needs, allocated before the fork: between fork and exec nothing may be allocated.
struct Plan {
	std::vector<std::string> words, variables;
	std::vector<char *> argv, envp;
	std::vector<gid_t> groups;
	std::vector<int> descriptors; // to pass on, besides the usual three
	uid_t uid = 0;
	gid_t gid = 0;
	bool is_other_user = false;
	bool is_apart = false; // in a process group of its own, without input, its output in `output`
	int output = -1;
};

std::vector<std::string> strings_of(const Napi::Value &value)
{
	Napi::Array array = value.As<Napi::Array>();
	std::vector<std::string> strings;

	for (uint32_t i = 0; i < array.Length(); i++)
		strings.push_back(array.Get(i).As<Napi::String>().Utf8Value());
	return strings;
}

std::vector<char *> pointers_to(std::vector<std::string> &strings)
{
	std::vector<char *> pointers;

	pointers.reserve(strings.size() + 1);
	for (std::string &text : strings)
		pointers.push_back(text.data());
	pointers.push_back(nullptr);
	return pointers;
}

void read_plan(const Napi::Object &options, Plan &plan)
{
	plan.words = strings_of(options.Get("argv"));
	plan.variables = strings_of(options.Get("env"));
	plan.argv = pointers_to(plan.words);
	plan.envp = pointers_to(plan.variables);
	Napi::Array descriptors = options.Get("descriptors").As<Napi::Array>();
	for (uint32_t i = 0; i < descriptors.Length(); i++)
		plan.descriptors.push_back(descriptors.Get(i).As<Napi::Number>().Int32Value());
	if (options.Get("output").IsNumber()) {
		plan.is_apart = true;
		plan.output = options.Get("output").As<Napi::Number>().Int32Value();
	}
	if (!options.Get("user").IsObject())
		return;
	Napi::Object user = options.Get("user").As<Napi::Object>();
	Napi::Array groups = user.Get("groups").As<Napi::Array>();
	plan.is_other_user = true;
	plan.uid = user.Get("uid").As<Napi::Number>().Uint32Value();
	plan.gid = user.Get("gid").As<Napi::Number>().Uint32Value();
	for (uint32_t i = 0; i < groups.Length(); i++)
		plan.groups.push_back(groups.Get(i).As<Napi::Number>().Uint32Value());
}

bool become(const Plan &plan)
{
	if (!plan.is_other_user)
		return true;
	return setgroups(plan.groups.size(), plan.groups.data()) == 0 && setgid(plan.gid) == 0 && setuid(plan.uid) == 0;
}

void stand_apart(int output)
{
	int nothing = open("/dev/null", O_RDONLY);

	setpgid(0, 0);
	dup2(nothing, STDIN_FILENO);
	dup2(output, STDOUT_FILENO);
	dup2(output, STDERR_FILENO);
	if (nothing > STDERR_FILENO)
		close(nothing);
}

// Handlers are reset by exec, but ignored signals stay ignored: Node ignores SIGPIPE.
void restore_signals()
{
	sigset_t none;

	for (int signal = 1; signal < NSIG; signal++)
		::signal(signal, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, nullptr);
}

// Node marks all descriptors that it inherited as close-on-exec.
void keep_open(const Plan &plan)
{
	for (int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
		fcntl(fd, F_SETFD, 0);
	for (int fd : plan.descriptors)
		fcntl(fd, F_SETFD, 0);
}

[[noreturn]] void become_command(const Plan &plan, int word, int problem)
{
	char byte;
	int error = 0;

	restore_signals();
	keep_open(plan);
	if (plan.is_apart)
		stand_apart(plan.output);
	if (read(word, &byte, 1) == 1) {			 // else ebtop is gone
		environ = const_cast<char **>(plan.envp.data()); // searched for by its PATH
		if (become(plan))
			execvp(plan.argv[0], plan.argv.data());
		error = errno;
		if (write(problem, &error, sizeof(error)) < 0)
			error = 0; // nobody is left who would read it
	}
	_exit(125);
}

struct End {
	int error = 0;
	int status = 0;
};

// Waits in a thread of its own. The pid stays the command's until waitid() reaps it, so no other process can get its
// signals.
End wait_for_end(pid_t pid, int problem)
{
	End end;
	siginfo_t info;

	while (read(problem, &end.error, sizeof(end.error)) < 0 && errno == EINTR)
		;
	close(problem);
	while (waitid(P_PID, pid, &info, WEXITED | WNOWAIT) < 0 && errno == EINTR)
		;
	command_pid = 0;
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

pid_t launched_pid()
{
	return command_pid;
}

Napi::Function Command::define(Napi::Env env)
{
	return DefineClass(env, "Command", {InstanceAccessor<&Command::pid>("pid"), InstanceMethod<&Command::run>("run")});
}

Command::Command(const Napi::CallbackInfo &info) : Napi::ObjectWrap<Command>(info)
{
	Plan plan;
	int word[2], problem[2];

	read_plan(info[0].As<Napi::Object>(), plan);
	is_apart_ = plan.is_apart;
	if (pipe2(word, O_CLOEXEC) < 0 || pipe2(problem, O_CLOEXEC) < 0)
		throw coded_error(info.Env(),
				  SourceError("EBTOP_FAILED", std::string("No pipe can be made: ") + strerror(errno) + "."));
	pid_ = fork();
	if (pid_ == 0) {
		close(word[1]); // or ebtop would never see the pipe closed
		become_command(plan, word[0], problem[1]);
	}
	int error = errno;
	close(word[0]);
	close(problem[1]);
	word_ = word[1];
	problem_ = problem[0];
	if (pid_ < 0) {
		pid_ = 0;
		throw coded_error(info.Env(),
				  SourceError("EBTOP_FAILED", std::string("No process can be made: ") + strerror(error) + "."));
	}
	command_pid = pid_;
}

Command::~Command()
{
	if (word_ >= 0)
		close(word_);
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
	int word = word_;

	if (!is_apart_)
		begin_passing_on();
	std::thread([pid = pid_, problem = problem_, done, deferred]() mutable {
		End end = wait_for_end(pid, problem);
		done.BlockingCall([deferred, end](Napi::Env env, Napi::Function) { deferred.Resolve(described(env, end)); });
		done.Release();
	}).detach();
	word_ = problem_ = -1;
	if (write(word, "", 1) < 0) {
		// It is gone already: that is how it ended.
	}
	close(word);
	return deferred.Promise();
}

} // namespace ebtop
