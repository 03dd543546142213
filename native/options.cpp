// SPDX-License-Identifier: GPL-2.0-only
#include "options.h"

#include <bit>

namespace ebtop {
namespace {

[[noreturn]] void usage(const std::string &message)
{
	throw SourceError("EBTOP_USAGE", message);
}

unsigned concern_named(const std::string &name)
{
	static const std::map<std::string, unsigned> concerns = {
		{"process", CONCERN_PROCESS}, {"syscall", CONCERN_SYSCALL}, {"ipc", CONCERN_IPC},
		{"file", CONCERN_FILE},	      {"tcp", CONCERN_TCP},	    {"disk", CONCERN_DISK},
		{"thread", CONCERN_THREAD},   {"sched", CONCERN_SCHED},	    {"follow", CONCERN_FOLLOW},
		{"refusal", CONCERN_REFUSAL},
	};
	auto found = concerns.find(name);
	if (found == concerns.end())
		usage("There is no concern called " + name + "; see index.d.ts.");
	return found->second;
}

uint64_t event_named(const std::string &name)
{
	static const std::map<std::string, uint64_t> events = {
		{"fork", 0},
		{"exec", 0},
		{"exec-failed", 0},
		{"exit", 0},
		{"oom-kill", 0},
		{"loss", 0},
		{"container-start", 0},
		{"container-stop", 0},
		{"signal", EVENT_SIGNAL},
		{"connect", EVENT_TCP},
		{"accept", EVENT_TCP},
		{"listen", EVENT_TCP},
		{"connect-failed", EVENT_TCP | call_event(WIRE_EVENT_CONNECT_FAILED)},
		{"bind", call_event(WIRE_EVENT_BIND)},
		{"mount", call_event(WIRE_EVENT_MOUNT)},
		{"ptrace", call_event(WIRE_EVENT_PTRACE)},
		{"bpf-load", call_event(WIRE_EVENT_BPF_LOAD)},
		{"setuid", call_event(WIRE_EVENT_SETUID)},
		{"capset", call_event(WIRE_EVENT_CAPSET)},
		{"module-load", call_event(WIRE_EVENT_MODULE_LOAD)},
		{"coredump", 0},
		{"seccomp-refused", call_event(WIRE_EVENT_SECCOMP_REFUSED)},
		{"sleep", call_event(WIRE_EVENT_SLEEP)},
		{"lookup", call_event(WIRE_EVENT_LOOKUP)},
		{"dcache-miss", call_event(WIRE_EVENT_DCACHE_MISS)},
		{"disk-request", EVENT_DISK},
		{"file-create", call_event(WIRE_EVENT_FILE_CREATE)},
		// The lifetime is computed from the other two.
		{"file-delete",
		 call_event(WIRE_EVENT_FILE_DELETE) | call_event(WIRE_EVENT_FILE_CREATE) | call_event(WIRE_EVENT_FILE_RENAME)},
		{"file-rename", call_event(WIRE_EVENT_FILE_RENAME)},
		{"open-failed", call_event(WIRE_EVENT_OPEN_FAILED)},
		{"stat-failed", call_event(WIRE_EVENT_STAT_FAILED)},
		{"open", call_event(WIRE_EVENT_OPEN)},
		{"stat", call_event(WIRE_EVENT_STAT)},
	};
	auto found = events.find(name);
	if (found == events.end())
		usage("There is no event called " + name + "; see src/model/event-types.ts.");
	return found->second;
}

bool read_flag(const Napi::Object &object, const char *name)
{
	Napi::Value value = object.Get(name);
	if (value.IsUndefined())
		return false;
	if (!value.IsBoolean())
		usage(std::string(name) + " must be true or false.");
	return value.As<Napi::Boolean>();
}

uint32_t read_count(const Napi::Object &object, const char *name, uint32_t normal)
{
	Napi::Value value = object.Get(name);
	if (value.IsUndefined())
		return normal;
	double number = value.IsNumber() ? value.As<Napi::Number>().DoubleValue() : 0;
	if (!(number >= 1 && number <= (1 << 28)))
		usage(std::string("capacity.") + name + " must be a number from 1 to 268435456.");
	return uint32_t(number);
}

uint32_t read_capacity(const Napi::Object &object, const char *name, uint32_t least, uint32_t normal)
{
	return std::bit_ceil(std::max(read_count(object, name, normal), least));
}

template <class Each> void each_element(const Napi::Object &object, const char *name, Each each)
{
	Napi::Value value = object.Get(name);
	if (value.IsUndefined())
		return;
	if (!value.IsArray())
		usage(std::string(name) + " must be an array.");
	Napi::Array array = value.As<Napi::Array>();
	for (uint32_t i = 0; i < array.Length(); i++)
		each(Napi::Value(array[i]));
}

} // namespace

unsigned read_concerns(const Napi::Value &value)
{
	unsigned concerns = 0;

	if (value.IsUndefined())
		return 0;
	if (!value.IsArray())
		usage("concerns must be an array of their names.");
	Napi::Array names = value.As<Napi::Array>();
	for (uint32_t i = 0; i < names.Length(); i++)
		concerns |= concern_named(Napi::Value(names[i]).ToString().Utf8Value());
	return concerns;
}

SourceOptions read_options(const Napi::Value &value)
{
	SourceOptions options;
	if (!value.IsObject())
		usage("A session needs its options: { source }.");
	Napi::Object object = value.As<Napi::Object>();

	Napi::Value source = object.Get("source");
	std::string name = source.IsString() ? source.As<Napi::String>().Utf8Value() : "";
	if (name != "bpf" && name != "proc")
		usage("source must be \"bpf\" or \"proc\".");
	options.is_proc = name == "proc";
	if (Napi::Value why = object.Get("whyNotBpf"); !why.IsUndefined())
		options.why_not_bpf = why.ToString().Utf8Value();
	if (object.Has("concerns"))
		options.concerns = read_concerns(object.Get("concerns"));
	options.standby = read_concerns(object.Get("standby")) & ~options.concerns;
	options.is_in_parts = read_flag(object, "inParts");
	each_element(object, "events",
		     [&](const Napi::Value &event) { options.events |= event_named(event.ToString().Utf8Value()); });
	each_element(object, "pids", [&](const Napi::Value &pid) {
		double number = pid.IsNumber() ? pid.As<Napi::Number>().DoubleValue() : 0;
		if (!(number >= 1 && number <= 0x3fffff) || number != uint32_t(number))
			usage("A pid must be a whole number from 1 to 4194303.");
		options.pids.push_back(uint32_t(number));
	});
	if (Napi::Value comm = object.Get("comm"); !comm.IsUndefined()) {
		options.comm = comm.ToString().Utf8Value();
		if (options.comm.empty() || options.comm.size() > 31)
			usage("A comm pattern must have 1 to 31 bytes.");
	}
	bool is_filtered = !options.pids.empty() || !options.comm.empty();
	if ((options.concerns & CONCERN_FOLLOW && (options.is_proc || options.pids.empty())) ||
	    (options.standby & CONCERN_FOLLOW && is_filtered))
		usage("follow needs pids and source \"bpf\", or to be on standby without pids and comm.");
	options.latency = read_flag(object, "latency");
	options.no_args = read_flag(object, "noArgs");
	if (Napi::Value force = object.Get("force"); force.IsObject())
		for (auto entry : force.As<Napi::Object>())
			options.force[entry.first.ToString().Utf8Value()] = Napi::Value(entry.second).ToString().Utf8Value();
	if (Napi::Value value = object.Get("capacity"); value.IsObject()) {
		Napi::Object capacity = value.As<Napi::Object>();
		options.syscall_capacity = read_capacity(capacity, "syscall", 64, options.syscall_capacity);
		options.io_capacity = read_capacity(capacity, "io", 64, options.io_capacity);
		options.birth_capacity = read_capacity(capacity, "births", 64, options.birth_capacity);
		options.disk_capacity = read_capacity(capacity, "disk", 64, options.disk_capacity);
		options.sched_capacity = read_capacity(capacity, "sched", 64, options.sched_capacity);
		options.wake_capacity = read_capacity(capacity, "wakes", 64, options.wake_capacity);
		options.shares_capacity = read_capacity(capacity, "users", 1, options.shares_capacity);
		options.ring_bytes = read_capacity(capacity, "ringBytes", 4096, options.ring_bytes);
		options.spill_capacity = read_count(capacity, "spill", options.spill_capacity);
		options.disk_requests_capacity = read_count(capacity, "diskRequests", options.disk_requests_capacity);
		options.addresses_capacity = read_count(capacity, "addresses", options.addresses_capacity);
		options.wanted_capacity = read_count(capacity, "wanted", options.wanted_capacity);
		options.peers_capacity = read_count(capacity, "peers", options.peers_capacity);
		options.channels_capacity = read_count(capacity, "channels", options.channels_capacity);
		options.shm_names_capacity = read_count(capacity, "shmNames", options.shm_names_capacity);
		options.process_events_capacity = read_count(capacity, "processEvents", options.process_events_capacity);
		options.process_program_bytes = read_count(capacity, "processPrograms", options.process_program_bytes);
		options.exited_capacity = read_count(capacity, "exited", options.exited_capacity);
		options.taken_events_capacity = read_count(capacity, "takenEvents", options.taken_events_capacity);
		options.cgroups_capacity = read_count(capacity, "cgroups", options.cgroups_capacity);
		options.followed_capacity = read_count(capacity, "followed", options.followed_capacity);
		options.follow_streams_capacity = read_count(capacity, "followStreams", options.follow_streams_capacity);
		options.follow_threads_capacity = read_count(capacity, "followThreads", options.follow_threads_capacity);
		options.follow_requests_capacity = read_count(capacity, "followRequests", options.follow_requests_capacity);
		options.follow_open_us = read_count(capacity, "followOpenUs", options.follow_open_us);
		options.follow_budget = read_count(capacity, "followBudget", options.follow_budget);
		options.networks = read_count(capacity, "networks", options.networks);
	}
	return options;
}

} // namespace ebtop
