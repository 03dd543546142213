/* SPDX-License-Identifier: GPL-2.0 */
/* Events in perf's layout, as the kernel's TRACE_EVENT() defines them. */

struct trace_event_raw_sys_enter {
	long id;
};
struct trace_event_raw_sys_exit {
	long ret;
};
struct trace_event_raw_sched_process_fork {
	pid_t child_pid;
};
struct trace_event_raw_inet_sock_set_state {
	const void *skaddr;
	int oldstate;
	int newstate;
};
struct trace_event_raw_io_uring_complete {
	void *ctx;
	struct io_kiocb *req;
	u64 user_data;
	int res;
	unsigned int cflags;
};
struct trace_event_raw_io_uring_submit_req {
	struct io_kiocb *req;
};
struct trace_event_raw_io_uring_cqe_overflow {
	void *ctx;
	u64 user_data;
	s32 res;
};
struct trace_event_raw_sched_process_exec {
	u32 __data_loc_filename; /* the lower half: its offset in the event */
};
