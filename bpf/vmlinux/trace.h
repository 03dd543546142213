/* SPDX-License-Identifier: GPL-2.0 */
/* Events as perf has them: what the kernel's TRACE_EVENT() makes. */

struct trace_event_raw_sys_enter {
	long id;
};
struct trace_event_raw_sys_exit {
	long ret;
};
struct trace_event_raw_sched_process_fork {
	pid_t child_pid;
};
struct trace_event_raw_sched_process_exec {
	u32 __data_loc_filename; /* the lower half: where in the event it is */
};
