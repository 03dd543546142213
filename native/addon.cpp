// SPDX-License-Identifier: GPL-2.0-only
// The functions that JavaScript sees. index.d.ts is their contract.
#include <cerrno>
#include <napi.h>
#include <sys/file.h>

#include "bpf/bpf-source.h"
#include "bpf/features.h"
#include "bpf/libbpf-log.h"
#include "foreign-reads.h"
#include "guarded-memory.h"
#include "command/command.h"
#include "peer-user.h"
#include "privileges/call-filter.h"
#include "privileges/lock-down.h"
#include "privileges/needs.h"
#include "session.h"
#include "wire-sizes.h"

namespace {

Napi::Value why_no_bpf(const Napi::CallbackInfo &info)
{
	std::optional<std::string> reason = ebtop::bpf::why_unusable();
	if (reason)
		return Napi::String::New(info.Env(), *reason);
	return info.Env().Null();
}

Napi::Value text_or_null(Napi::Env env, const std::string &text)
{
	if (text.empty())
		return env.Null();
	return Napi::String::New(env, text);
}

Napi::Value probes(const Napi::CallbackInfo &info)
{
	static const char *const states[] = {"off", "on", "fallback"};
	Napi::Env env = info.Env();
	Napi::Array list = Napi::Array::New(env);

	for (const ebtop::bpf::ProbeReport &report : ebtop::bpf::report_probes()) {
		Napi::Object object = Napi::Object::New(env);
		object.Set("probe", report.probe);
		object.Set("state", states[report.state]);
		object.Set("variant", text_or_null(env, report.variant));
		object.Set("reason", text_or_null(env, report.reason));
		list.Set(list.Length(), object);
	}
	return list;
}

// A SourceError as a JavaScript Error with its code.
Napi::Value guarded_probes(const Napi::CallbackInfo &info)
{
	try {
		return probes(info);
	} catch (const ebtop::SourceError &error) {
		throw ebtop::coded_error(info.Env(), error);
	}
}

Napi::Value debug_text(const Napi::CallbackInfo &info)
{
	return Napi::String::New(info.Env(), ebtop::bpf::LibbpfLog::take_debug_text());
}

Napi::Value lock_file(const Napi::CallbackInfo &info)
{
	int fd = info.Length() > 0 && info[0].IsNumber() ? info[0].As<Napi::Number>().Int32Value() : -1;

	return Napi::Boolean::New(info.Env(), flock(fd, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK);
}

Napi::Value peer_user(const Napi::CallbackInfo &info)
{
	int fd = info.Length() > 0 && info[0].IsNumber() ? info[0].As<Napi::Number>().Int32Value() : -1;
	std::optional<uint32_t> uid = ebtop::peer_user(fd);

	return uid ? Napi::Number::New(info.Env(), *uid) : info.Env().Null();
}

Napi::Value lock_down(const Napi::CallbackInfo &info)
{
	return Napi::String::New(info.Env(), ebtop::lock_down(nullptr));
}

const char *state_of(ebtop::CapabilitySet one, const ebtop::Trial &trial)
{
	if (!(trial.before & one))
		return "missing";
	if (trial.after.everywhere & one)
		return "kept";
	return trial.after.somewhere & one ? "one thread" : "given up";
}

Napi::Value privileges(const Napi::CallbackInfo &info)
{
	Napi::Env env = info.Env();
	ebtop::Trial trial = ebtop::try_lock_down(ebtop::bpf::why_unusable().has_value());
	Napi::Array capabilities = Napi::Array::New(env);
	Napi::Object report = Napi::Object::New(env);

	for (const ebtop::Need &need : ebtop::all_needs()) {
		Napi::Object object = Napi::Object::New(env);
		object.Set("name", ebtop::capability_name(need.number));
		object.Set("state", state_of(ebtop::capability(need.number), trial));
		object.Set("purpose", need.purpose);
		object.Set("loss", need.loss);
		capabilities.Set(capabilities.Length(), object);
	}
	report.Set("capabilities", capabilities);
	report.Set("noNewPrivileges", trial.after.has_no_new_privileges);
	report.Set("refusedCalls", Napi::Number::New(env, trial.after.has_call_filter ? double(ebtop::refused_calls()) : 0));
	report.Set("problem", text_or_null(env, trial.problem));
	return report;
}

Napi::Object init(Napi::Env env, Napi::Object exports)
{
	ebtop::guard_memory();
	ebtop::bpf::LibbpfLog::capture();
	exports.Set("Session", ebtop::Session::define(env));
	exports.Set("Command", ebtop::Command::define(env));
	exports.Set("probes", Napi::Function::New(env, guarded_probes, "probes"));
	exports.Set("whyNoBpf", Napi::Function::New(env, why_no_bpf, "whyNoBpf"));
	exports.Set("debugText", Napi::Function::New(env, debug_text, "debugText"));
	exports.Set("lockFile", Napi::Function::New(env, lock_file, "lockFile"));
	exports.Set("peerUser", Napi::Function::New(env, peer_user, "peerUser"));
	exports.Set("lockDown", Napi::Function::New(env, lock_down, "lockDown"));
	exports.Set("privileges", Napi::Function::New(env, privileges, "privileges"));
	exports.Set("readFile", Napi::Function::New(env, ebtop::read_file, "readFile"));
	exports.Set("listFolder", Napi::Function::New(env, ebtop::list_folder, "listFolder"));
	exports.Set("wireSizes", ebtop::wire_sizes(env));
	exports.Set("wireVersion", Napi::Number::New(env, WIRE_VERSION));
	return exports;
}

} // namespace

NODE_API_MODULE(ebtop, init)
