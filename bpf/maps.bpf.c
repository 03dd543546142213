// SPDX-License-Identifier: GPL-2.0
// All maps, and all constants that user space sets before loading; programs refer to them as extern.
#include "lib/aio.bpf.h"
#include "lib/args.bpf.h"
#include "lib/call-event.bpf.h"
#include "lib/cgroup.bpf.h"
#include "lib/count.bpf.h"
#include "lib/destination.bpf.h"
#include "lib/disk.bpf.h"
#include "lib/exit.bpf.h"
#include "lib/follow.bpf.h"
#include "lib/io.bpf.h"
#include "lib/ipc-calls.bpf.h"
#include "lib/latency.bpf.h"
#include "lib/multishot.bpf.h"
#include "lib/other-end.bpf.h"
#include "lib/path.bpf.h"
#include "lib/sysv.bpf.h"
#include "lib/tracepoint.bpf.h"
#include "lib/wanted.bpf.h"

struct ring_map ring SEC(".maps");
struct wanted_map wanted SEC(".maps");
struct peer_map peers SEC(".maps");
struct channel_map channels SEC(".maps");
struct syscall_map syscall_table SEC(".maps");
struct occupied_map syscall_occupied SEC(".maps");
struct owners_map syscall_owners SEC(".maps");
struct call_lines_map call_lines SEC(".maps");
struct io_map io_table SEC(".maps");
struct occupied_map io_occupied SEC(".maps");
struct owners_map io_owners SEC(".maps");
struct io_lines_map io_lines SEC(".maps");
struct share_map shares SEC(".maps");
struct entered_map entered SEC(".maps");
struct latency_map latency_table SEC(".maps");
struct birth_map births SEC(".maps");
struct occupied_map birth_occupied SEC(".maps");
struct spill_map spill SEC(".maps");
struct path_map path_scratches SEC(".maps");
struct text_map text_scratches SEC(".maps");
struct cgroup_map cgroups_sent SEC(".maps");
struct ipc_calls_map ipc_calls SEC(".maps");
struct own_addresses_map own_addresses SEC(".maps");
struct sysv_permitted_map sysv_permitted SEC(".maps");
struct multishot_map multishots SEC(".maps");
struct aio_due_map aio_due SEC(".maps");
struct call_event_map call_event_scratches SEC(".maps");
struct disk_map disk_table SEC(".maps");
struct occupied_map disk_occupied SEC(".maps");
struct owners_map disk_owners SEC(".maps");
struct disk_requests_map disk_requests SEC(".maps");
struct dirtiers_map dirtiers SEC(".maps");
struct followed_map followed SEC(".maps");
struct follow_thread_map follow_threads SEC(".maps");
struct follow_stream_map follow_streams SEC(".maps");
struct follow_request_map follow_requests SEC(".maps");
struct follow_inherited_map follow_inherited SEC(".maps");
struct exited_map exited SEC(".maps");
struct restart_map restarting SEC(".maps");
struct taken_map taken_events SEC(".maps");
struct claim_map claims SEC(".maps");
struct socket_number_map socket_numbers SEC(".maps");

const volatile __u32 page_shift = 12;
const volatile bool have_cast = false;
const volatile bool by_perf = false;
const volatile bool only_wanted = false;
const volatile bool count_calls = true;
const volatile bool count_io = true;
const volatile bool announce_objects = true;
const volatile bool measure_latency = false;
const volatile __u32 wanted_events = 0;
const volatile __u32 event_share = 1 << 18;
const volatile bool no_args = false;
const volatile bool is_cgroup_hybrid = false;
const volatile __u32 comm_match[256] = {}, comm_stars = 0, comm_accept = 0;
const volatile __u32 syscall_mask = 65536 - 1;
const volatile __u32 io_mask = 65536 - 1;
const volatile __u32 disk_mask = 4096 - 1;
const volatile __u32 request_argument = 0;
const volatile bool send_requests = false;
const volatile __u64 table_secret = 1;
const volatile __u32 share_mask = 4096 - 1;
const volatile __u32 spill_capacity = 8192;
const volatile __u32 wanted_capacity = 65536;
const volatile __u32 birth_mask = 16384 - 1;
const volatile __u32 follow_budget = FOLLOW_BUDGET;
const volatile __u32 follow_open_us = FOLLOW_OPEN_US;
bool is_following = false;
__u64 bulk_bytes[2] = {}, bulk_more[2] = {};

__u64 lost[PROBE_COUNT] = {};
__u64 taken[PROBE_COUNT] = {}, taken_seen[PROBE_COUNT] = {};
bool takes_events = false;
__u64 table_used[TABLE_COUNT] = {};
__u64 overflow[TABLE_COUNT] = {};
__u64 fence = 0;
__u64 forks = 0, execs = 0, admitted = 0, not_admitted = 0, last_birth = 0, eventfd_operations = 0;
__u32 birth_pass = 0;
__u64 follow_bits[FOLLOW_BITS / 64] = {};
__u32 follow_pids[FOLLOW_PIDS] = {};

char LICENSE[] SEC("license") = "GPL";
