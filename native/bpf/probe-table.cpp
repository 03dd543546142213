// SPDX-License-Identifier: GPL-2.0-only
#include "probe-table.h"

#include <algorithm>
#include <string_view>

extern "C" {
#include "call-class.h"
#include "needs.h"
}

namespace ebtop::bpf {
namespace {

std::string always(const Features &)
{
	return {};
}

template <const char *const &name> std::string needs_tracepoint(const Features &features)
{
	if (features.tracepoint_arguments(name) >= 0)
		return {};
	std::string reason = "This kernel has no tracepoint ";
	return reason.append(name).append(".");
}

template <class... Classes> constexpr uint64_t bits(Classes... classes)
{
	return ((1ull << classes) | ...);
}

constexpr uint64_t opens =
	call_event(WIRE_EVENT_OPEN) | call_event(WIRE_EVENT_OPEN_FAILED) | call_event(WIRE_EVENT_FILE_CREATE);
constexpr uint64_t stats = call_event(WIRE_EVENT_STAT) | call_event(WIRE_EVENT_STAT_FAILED);
constexpr uint64_t names =
	call_event(WIRE_EVENT_FILE_CREATE) | call_event(WIRE_EVENT_FILE_DELETE) | call_event(WIRE_EVENT_FILE_RENAME);

constexpr uint64_t refusals = call_event(WIRE_EVENT_SECCOMP_REFUSED) | CONCERN_REFUSAL;
constexpr uint64_t lookups = call_event(WIRE_EVENT_LOOKUP);
constexpr uint64_t dcache_misses = call_event(WIRE_EVENT_DCACHE_MISS);
constexpr uint64_t sleeps = call_event(WIRE_EVENT_SLEEP);
constexpr uint64_t credentials = call_event(WIRE_EVENT_SETUID) | call_event(WIRE_EVENT_CAPSET);

// A variant, whose programs are loaded for such links.
constexpr const char *multi = "uprobe-multi";

constexpr const char *module_load = "module_load";
constexpr const char *signal_generate = "signal_generate";
constexpr const char *task_rename = "task_rename";
constexpr const char *cgroup_attach_task = "cgroup_attach_task";
constexpr const char *inet_sock_set_state = "inet_sock_set_state";
constexpr const char *mark_victim = "mark_victim";
constexpr const char *io_uring_submit_req = "io_uring_submit_req";
constexpr const char *io_uring_submit_sqe = "io_uring_submit_sqe";
constexpr const char *block_io_start = "block_io_start";
constexpr const char *block_io_done = "block_io_done";
constexpr const char *block_rq_insert = "block_rq_insert";
constexpr const char *block_rq_issue = "block_rq_issue";
constexpr const char *block_rq_merge = "block_rq_merge";
constexpr const char *block_rq_complete = "block_rq_complete";
constexpr const char *writeback_dirty_folio = "writeback_dirty_folio";
constexpr const char *writeback_dirty_page = "writeback_dirty_page";
constexpr const char *page_cache_add = "mm_filemap_add_to_page_cache";
constexpr const char *sched_waking = "sched_waking";
constexpr const char *sched_switch = "sched_switch";
constexpr const char *io_uring_cqe_overflow = "io_uring_cqe_overflow";

// Linux 6.8 began to pass the task instead of its pid; stable kernels followed.
std::string victim_is_task(const Features &features)
{
	std::string reason = needs_tracepoint<mark_victim>(features);
	if (!reason.empty() || features.is_pointer_argument(mark_victim, 0))
		return reason;
	return "This kernel's mark_victim passes only the victim's PID, not its memory.";
}

// Checked here, since it depends on the compiler's code whether the verifier refuses a pointer that is used as a number.
std::string victim_is_pid(const Features &features)
{
	std::string reason = needs_tracepoint<mark_victim>(features);
	if (!reason.empty() || !features.is_pointer_argument(mark_victim, 0))
		return reason;
	return "This kernel's mark_victim passes the victim itself, not its PID.";
}

// Arguments of io_uring_complete: ring, request, user data, result …; in newer kernels ring, request, completion.
std::string completion_has(const Features &features, bool is_wanted(int arguments))
{
	int arguments = features.tracepoint_arguments("io_uring_complete");
	if (arguments < 0)
		return "This kernel has no tracepoint io_uring_complete (no io_uring).";
	return is_wanted(arguments) ? "" : "This kernel's io_uring_complete has other arguments.";
}

std::string completion_has_cqe(const Features &features)
{
	return completion_has(features, [](int arguments) { return arguments == 3; });
}

std::string completion_has_result(const Features &features)
{
	return completion_has(features, [](int arguments) { return arguments >= 5; });
}

// Before Linux 6.0 there are no multishot requests, and the tracepoint has other arguments.
std::string submission_has_request(const Features &features)
{
	std::string reason = needs_tracepoint<io_uring_submit_sqe>(features);
	if (!reason.empty() ||
	    (features.tracepoint_arguments(io_uring_submit_sqe) == 2 && features.is_pointer_argument(io_uring_submit_sqe, 0)))
		return reason;
	return "This kernel's io_uring has no multishot requests.";
}

// Up to Linux 5.10 the queue is before the request.
template <const char *const &name> std::string takes_request(const Features &features)
{
	std::string reason = needs_tracepoint<name>(features);
	if (!reason.empty() || features.tracepoint_arguments(name) == (features.is_queue_before_request() ? 2 : 1))
		return reason;
	return std::string("This kernel's ") + name + " has other arguments.";
}

// Kernels in which another tracepoint reports new requests.
std::string issue_of_known(const Features &features)
{
	std::string reason = needs_tracepoint<block_io_start>(features);
	return reason.empty() ? takes_request<block_rq_issue>(features) : reason;
}

std::string has_aio_function(const Features &features)
{
	return features.why_no_function_entry("aio_complete_rw");
}

std::string has_dcache_function(const Features &features)
{
	return features.why_no_function_entry("d_alloc_parallel");
}

std::string has_multi_links(const Features &features)
{
	if (features.has_struct("bpf_uprobe_multi_link"))
		return {};
	return "This kernel has no links to several functions of a library.";
}

std::string has_ipc_hook(const Features &features)
{
	return features.why_no_security_hook("ipc_permission");
}

const ProbeRow rows[] = {
	{"fork", "tp_btf", "ebtop_fork", PROBE_FORK, CONCERN_ALL, false, always, 0, nullptr, {"ebtop_fork_perf"}},
	{"exec", "tp_btf", "ebtop_exec", PROBE_EXEC, CONCERN_ALL, false, always, 0, nullptr, {"ebtop_exec_perf"}},
	{"exit", "tp_btf", "ebtop_exit", PROBE_EXIT, CONCERN_ALL, false, always, 0, nullptr, {"ebtop_exit_perf"}},
	{"rename", "tp_btf", "ebtop_rename", PROBE_FORK, NEED_COMM, false, needs_tracepoint<task_rename>},
	{"cgroup-change", "tp_btf", "ebtop_moved", PROBE_MOVE, CONCERN_PROCESS, false, needs_tracepoint<cgroup_attach_task>},
	{"namespace-change", "tp_btf", "ebtop_entered", PROBE_MOVE, CONCERN_PROCESS, false, always, bits(CALL_NAMESPACE)},
	{"syscall", "tp_btf", "ebtop_sys_exit", PROBE_SYSCALL, CONCERN_ALL, false, always},
	{"file", "tp_btf", "ebtop_sys_exit", PROBE_FILE, needs_objects, false, always},
	{"io-uring", "tp_btf", "ebtop_uring_cqe", PROBE_IO_URING, needs_objects | CONCERN_PROCESS, false, completion_has_cqe},
	{"io-uring", "tp_btf-result", "ebtop_uring_res", PROBE_IO_URING, needs_objects | CONCERN_PROCESS, false,
	 completion_has_result},
	{"multishot", "tp_btf", "ebtop_uring_req", PROBE_IO_URING, needs_objects | CONCERN_PROCESS, false,
	 needs_tracepoint<io_uring_submit_req>},
	{"multishot", "tp_btf-sqe", "ebtop_uring_sqe", PROBE_IO_URING, needs_objects | CONCERN_PROCESS, false,
	 submission_has_request},
	{"cq-overflow", "tp_btf", "ebtop_cq_full", PROBE_IO_URING, needs_objects | CONCERN_PROCESS, false,
	 needs_tracepoint<io_uring_cqe_overflow>},
	{"aio", "fentry", "ebtop_aio_done", PROBE_AIO, needs_objects | CONCERN_PROCESS, false, has_aio_function},
	{"aio",
	 "tp_btf",
	 "ebtop_aio",
	 PROBE_AIO,
	 needs_objects | CONCERN_PROCESS,
	 true,
	 always,
	 bits(CALL_AIO_SUBMIT, CALL_AIO_EVENTS),
	 nullptr,
	 {},
	 "Native AIO is counted when io_getevents returns it; what a program takes from the ring itself is counted as "
	 "lost."},
	{"interrupt", "tp_btf", "ebtop_interrupt", PROBE_SYSCALL, CONCERN_PROCESS | CONCERN_SYSCALL, false, always},
	{"latency", "tp_btf", "ebtop_sys_enter", PROBE_LATENCY, NEED_LATENCY, false, always},
	{"signal", "tp_btf", "ebtop_signal", PROBE_SIGNAL, CONCERN_IPC | EVENT_SIGNAL, false,
	 needs_tracepoint<signal_generate>},
	{"tcp",
	 "tp_btf",
	 "ebtop_tcp",
	 PROBE_TCP,
	 CONCERN_TCP | CONCERN_IPC | EVENT_TCP,
	 false,
	 needs_tracepoint<inet_sock_set_state>,
	 0,
	 nullptr,
	 {"ebtop_tcp_name", "ebtop_tcp_perf"}},
	{"sysv", "lsm", "ebtop_sysv", PROBE_IPC, CONCERN_IPC, false, has_ipc_hook, bits(CALL_SYSV), "ebtop_ipc_perm"},
	{"sysv", "tp_btf", "ebtop_sysv", PROBE_IPC, CONCERN_IPC, false, always, bits(CALL_SYSV)},
	{"fd-pass", "tp_btf", "ebtop_handover", PROBE_HANDOVER, CONCERN_IPC, false, always,
	 bits(CALL_RECEIVE_MESSAGE, CALL_RECEIVE_MESSAGES, CALL_GETFD, CALL_SEND_MESSAGE, CALL_SEND_MESSAGES)},
	// Replaces fd-pass for the send calls, and tail-calls it.
	{"datagram", "tp_btf", "ebtop_send", PROBE_IPC, CONCERN_IPC, false, always,
	 bits(CALL_SEND, CALL_SEND_MESSAGE, CALL_SEND_MESSAGES)},
	{"mapping", "tp_btf", "ebtop_map", PROBE_IPC, CONCERN_IPC, false, always, bits(CALL_MAP)},
	{"open-events", "tp_btf", "ebtop_event", PROBE_EVENT, opens, false, always, bits(CALL_OPEN)},
	{"stat-events", "tp_btf", "ebtop_event", PROBE_EVENT, stats, false, always, bits(CALL_STAT)},
	{"name-events", "tp_btf", "ebtop_event", PROBE_EVENT, names, false, always, bits(CALL_NAME)},
	{"connect-events", "tp_btf", "ebtop_event", PROBE_EVENT, call_event(WIRE_EVENT_CONNECT_FAILED), false, always,
	 bits(CALL_CONNECT)},
	{"bind-events", "tp_btf", "ebtop_event", PROBE_EVENT, call_event(WIRE_EVENT_BIND), false, always, bits(CALL_BIND)},
	{"mount-events", "tp_btf", "ebtop_event", PROBE_EVENT, call_event(WIRE_EVENT_MOUNT), false, always, bits(CALL_MOUNT)},
	{"ptrace-events", "tp_btf", "ebtop_event", PROBE_EVENT, call_event(WIRE_EVENT_PTRACE), false, always,
	 bits(CALL_PTRACE)},
	{"bpf-events", "tp_btf", "ebtop_event", PROBE_EVENT, call_event(WIRE_EVENT_BPF_LOAD), false, always, bits(CALL_BPF)},
	{"credential-events", "tp_btf", "ebtop_event", PROBE_EVENT, credentials, false, always, bits(CALL_CREDENTIALS)},
	{"module-events", "tp_btf", "ebtop_module", PROBE_EVENT, call_event(WIRE_EVENT_MODULE_LOAD), false,
	 needs_tracepoint<module_load>},
	// The entry first: without its entry, an exit would look refused.
	{"seccomp-entry", "tp_btf", "ebtop_seccomp_in", PROBE_EVENT, refusals, false, always},
	{"seccomp", "tp_btf", "ebtop_seccomp_out", PROBE_EVENT, refusals, false, always},
	{"sleep", "tp_btf", "ebtop_slept", PROBE_EVENT, sleeps, false, always, bits(CALL_SLEEP)},
	{"sleep-signal", "tp_btf", "ebtop_sleep_cut", PROBE_EVENT, sleeps, false, always},
	{"sleep-exit", "tp_btf", "ebtop_sleep_end", PROBE_EVENT, sleeps, false, always},
	{"sleep-entry", "tp_btf", "ebtop_sleep_in", PROBE_EVENT, sleeps, false, always},
	{"lookups",
	 multi,
	 "ebtop_look_in",
	 PROBE_EVENT,
	 lookups,
	 false,
	 has_multi_links,
	 0,
	 nullptr,
	 {"ebtop_look_out", "ebtop_look_got"},
	 nullptr,
	 true},
	{"lookups",
	 "uprobe",
	 "ebtop_look_in",
	 PROBE_EVENT,
	 lookups,
	 true,
	 always,
	 0,
	 nullptr,
	 {"ebtop_look_out", "ebtop_look_got"},
	 nullptr,
	 true},
	{"dcache", "fentry", "ebtop_dcache", PROBE_EVENT, dcache_misses, false, has_dcache_function},
	{"oom", "tp_btf", "ebtop_oom", PROBE_OOM, CONCERN_PROCESS, false, victim_is_task},
	{"oom", "tp_btf-pid", "ebtop_oom_pid", PROBE_OOM, CONCERN_PROCESS, true, victim_is_pid},
	{"threads", "tp_btf", "ebtop_waking", PROBE_THREAD, CONCERN_THREAD, false, needs_tracepoint<sched_waking>},
	// Forks first, so that there is an entry for each thread; the switches last, since they also handle what the others
	// missed.
	{"sched", "tp_btf", "ebtop_run_born", PROBE_SCHED, CONCERN_SCHED, false, always},
	{"sched-exit", "tp_btf", "ebtop_run_gone", PROBE_SCHED, CONCERN_SCHED, false, always},
	{"sched-waking", "tp_btf", "ebtop_woke", PROBE_SCHED, CONCERN_SCHED, false, needs_tracepoint<sched_waking>},
	{"sched-wakeup", "tp_btf", "ebtop_wakeup", PROBE_SCHED, CONCERN_SCHED, false, always},
	{"sched-new", "tp_btf", "ebtop_wake_new", PROBE_SCHED, CONCERN_SCHED, false, always},
	{"sched-switch", "tp_btf", "ebtop_switch", PROBE_SCHED, CONCERN_SCHED, false, needs_tracepoint<sched_switch>},
	{"follow", "tp_btf", "ebtop_follow", PROBE_FOLLOW, CONCERN_FOLLOW, false, always, bits(CALL_FOLLOWED)},
	{"follow-fork", "tp_btf", "ebtop_born", PROBE_FOLLOW, CONCERN_FOLLOW, false, always},
	{"follow-tcp", "tp_btf", "ebtop_joined", PROBE_FOLLOW, CONCERN_FOLLOW, false, needs_tracepoint<inet_sock_set_state>},
	{"follow-wake", "tp_btf", "ebtop_called", PROBE_FOLLOW, CONCERN_FOLLOW, false, needs_tracepoint<sched_waking>},
	{"follow-signal", "tp_btf", "ebtop_told", PROBE_FOLLOW, CONCERN_FOLLOW, false, always},
	{"follow-handler", "tp_btf", "ebtop_obeyed", PROBE_FOLLOW, CONCERN_FOLLOW, false, always},
	{"follow-cgroup", "tp_btf", "ebtop_cg_made", PROBE_FOLLOW, CONCERN_FOLLOW, false, always},
	{"follow-joined", "tp_btf", "ebtop_cg_joined", PROBE_FOLLOW, CONCERN_FOLLOW, false, always},
	{"disk", "tp_btf", "ebtop_disk_new", PROBE_DISK, needs_requests, false, needs_tracepoint<block_io_start>},
	{"disk", "tp_btf-insert", "ebtop_disk_put", PROBE_DISK, needs_requests, false, takes_request<block_rq_insert>},
	{"disk-issue", "tp_btf", "ebtop_disk_go", PROBE_DISK, needs_requests, false, issue_of_known},
	{"disk-issue", "tp_btf-first", "ebtop_disk_go2", PROBE_DISK, needs_requests, false, takes_request<block_rq_issue>},
	{"disk-merge", "tp_btf", "ebtop_disk_join", PROBE_DISK, needs_requests, false, takes_request<block_rq_merge>},
	// Before those of the end.
	{"disk-error", "tp_btf", "ebtop_disk_fail", PROBE_EVENT, EVENT_DISK, false, needs_tracepoint<block_rq_complete>},
	{"disk-done", "tp_btf", "ebtop_disk_end", PROBE_DISK, needs_requests, false, needs_tracepoint<block_io_done>},
	{"disk-done", "tp_btf-part", "ebtop_disk_part", PROBE_DISK, needs_requests, false, needs_tracepoint<block_rq_complete>},
	{"writeback", "tp_btf", "ebtop_dirtied", PROBE_DISK, needs_requests, false, needs_tracepoint<writeback_dirty_folio>},
	{"writeback", "tp_btf-page", "ebtop_dirtied_p", PROBE_DISK, needs_requests, false,
	 needs_tracepoint<writeback_dirty_page>},
	{"mapped-reads", "tp_btf", "ebtop_mapped", PROBE_DISK, CONCERN_DISK, false, needs_tracepoint<page_cache_add>},
};

// Instructions that the verifier of Linux 6.18 visits: 113,000 of these, 58,000 of all that the first refresh needs.
constexpr std::string_view expensive[] = {
	"ebtop_uring_cqe", "ebtop_uring_res", "ebtop_uring_req", "ebtop_uring_sqe", "ebtop_cq_full",  "ebtop_aio",
	"ebtop_aio_done",  "ebtop_handover",  "ebtop_send",	 "ebtop_map",	    "ebtop_mappings",
};

// What the old form cannot do, and what this kernel lacks for it.
struct Missing {
	std::string_view program, reason;
};
constexpr std::string_view no_request = "Before Linux 5.17 io_uring does not report which file a request is for.";
constexpr std::string_view no_storage = "This needs Linux 5.17 or newer (storage of a task).";
constexpr std::string_view not_made = "This needs Linux 5.17 or newer.";
constexpr std::string_view no_loop = "This needs Linux 5.17 or newer (bpf_loop).";
constexpr Missing missing_in_old_form[] = {
	{"ebtop_uring_cqe", no_request},
	{"ebtop_uring_res", no_request},
	{"ebtop_uring_req", no_request},
	{"ebtop_uring_sqe", no_request},
	{"ebtop_cq_full", no_request},
	{"ebtop_aio", no_storage},
	{"ebtop_ipc_perm", no_storage},
	{"ebtop_slept", no_storage},
	{"ebtop_sleep_cut", no_storage},
	{"ebtop_sleep_end", no_storage},
	{"ebtop_sleep_in", no_storage},
	{"ebtop_look_in", no_storage},
	{"ebtop_dcache", not_made},
	{"ebtop_mapped", not_made},
	{"ebtop_map", "This needs Linux 5.17 or newer (bpf_find_vma)."},
	{"ebtop_follow", no_loop},
	{"ebtop_born", no_loop},
	{"ebtop_joined", no_loop},
	{"ebtop_called", no_loop},
	{"ebtop_told", no_loop},
	{"ebtop_obeyed", no_loop},
	{"ebtop_cg_made", no_loop},
	{"ebtop_cg_joined", no_loop},
};

std::string why_not_in_old_form(const ProbeRow &row, const Features &features)
{
	// Four loops in each other: 5.10 takes them, 5.15 had not decided after 200 s (in a guest). task_vma is of 5.12.
	if (row.program == std::string_view("ebtop_handover") && features.has_iterator("task_vma"))
		return "The verifier of Linux 5.12 to 5.16 takes too long for this program; this needs 5.17 or newer "
		       "(bpf_loop).";
	for (const Missing &missing : missing_in_old_form)
		if (missing.program == row.program || (row.hook && missing.program == row.hook))
			return std::string(missing.reason);
	return {};
}

} // namespace

uint64_t needs_of(const SourceOptions &options)
{
	uint64_t needs = options.possible() | options.events;

	if (!options.comm.empty())
		needs |= NEED_COMM;
	if (options.latency)
		needs |= NEED_LATENCY;
	return needs;
}

bool is_expensive(std::string_view program)
{
	return std::ranges::find(expensive, program) != std::end(expensive);
}

std::string why_not(const ProbeRow &row, const Features &features)
{
	std::string reason = features.is_old ? why_not_in_old_form(row, features) : "";

	return reason.empty() ? row.why_not(features) : reason;
}

bool is_multi(const ProbeRow &row)
{
	return row.variant == std::string_view(multi);
}

std::span<const ProbeRow> probe_table()
{
	return rows;
}

} // namespace ebtop::bpf
