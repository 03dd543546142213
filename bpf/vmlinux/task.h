/* SPDX-License-Identifier: GPL-2.0 */
/* Tasks, credentials, namespaces, cgroups, exec, registers, and what iterators need. */

typedef int pid_t;
typedef struct {
	int counter;
} atomic_t;
typedef struct {
	s64 counter;
} atomic64_t;
typedef atomic64_t atomic_long_t;
typedef struct {
	unsigned int val;
} kuid_t;
typedef struct {
	unsigned int val;
} kgid_t;

#if defined(__TARGET_ARCH_x86)
struct pt_regs {
	unsigned long r15, r14, r13, r12, bp, bx, r11, r10, r9, r8, ax, cx, dx, si, di, orig_ax, ip, cs, flags, sp, ss;
};
#elif defined(__TARGET_ARCH_arm64)
struct user_pt_regs {
	u64 regs[31], sp, pc;
};
struct pt_regs {
	u64 regs[31], sp, pc, pstate, orig_x0;
	s32 syscallno;
};
#endif

struct thread_info {
	unsigned long flags;
	u32 status; /* x86 */
};

struct sched_entity {
	unsigned char sched_delayed; /* since 6.12 */
	u64 sum_exec_runtime;
};
struct sched_info {
	unsigned long long run_delay;
};
struct list_head {
	struct list_head *next;
};

struct ns_common {
	unsigned int inum;
};
struct user_namespace {
	struct user_namespace *parent;
	kuid_t owner;
	struct ns_common ns;
};
struct uts_namespace {
	struct ns_common ns;
};
struct mnt_namespace {
	struct ns_common ns;
};
struct pid_namespace {
	unsigned int level;
	struct ns_common ns;
};
struct cgroup_namespace {
	struct ns_common ns;
};
struct ipc_namespace;
struct net;

struct upid {
	int nr;
	struct pid_namespace *ns;
};
struct hlist_node {
	struct hlist_node *next;
};
struct hlist_head {
	struct hlist_node *first;
};
struct pid {
	unsigned int level;
	struct hlist_head tasks[4];
	struct upid numbers[1];
};

struct nsproxy {
	struct uts_namespace *uts_ns;
	struct ipc_namespace *ipc_ns;
	struct mnt_namespace *mnt_ns;
	struct net *net_ns;
	struct cgroup_namespace *cgroup_ns;
};

/* since 6.3 one number, before two words: the same bytes on a little-endian machine */
typedef struct {
	u64 val;
} kernel_cap_t;
struct cred {
	kuid_t uid;
	kgid_t gid;
	kuid_t euid;
	kgid_t egid;
	kernel_cap_t cap_effective;
	struct user_namespace *user_ns;
};
struct module {
	char name[56];
};

struct kernfs_node {
	struct kernfs_node *__parent;
	const char *name;
	u64 id;
};
/* before 6.15 the field was called parent */
struct kernfs_node___6_14 {
	struct kernfs_node *parent;
};
struct cgroup;
struct cgroup_subsys_state {
	struct cgroup *cgroup;
	struct cgroup_subsys_state *parent;
};
struct page_counter {
	atomic_long_t usage;
	unsigned long max;
};
struct mem_cgroup {
	struct cgroup_subsys_state css;
	struct page_counter memory;
};
struct cgroup {
	int level;
	struct kernfs_node *kn;
};
enum cgroup_subsys_id {
	memory_cgrp_id = 4,
	devices_cgrp_id = 5,
	pids_cgrp_id = 11,
};
struct css_set {
	struct cgroup_subsys_state *subsys[1];
	struct cgroup *dfl_cgrp;
};

struct seccomp {
	int mode;
	atomic_t filter_count;
};

struct percpu_counter {
	s64 count;
};
struct kioctx_table;
struct mm_struct {
	struct kioctx_table *ioctx_table;
	struct task_struct *owner;
	struct percpu_counter rss_stat[4];
	unsigned long arg_start, arg_end, total_vm;
	struct file *exe_file;
};
/* up to 6.1 */
struct mm_rss_stat {
	atomic_long_t count[4];
};
struct mm_struct___6_1 {
	struct mm_rss_stat rss_stat;
};

struct signal_struct {
	atomic_t live;
	int nr_threads;
	struct list_head thread_head;
	int group_exit_code;
	unsigned int flags;
	unsigned int is_child_subreaper : 1;
	struct pid *pids[4];
	u64 sum_sched_runtime;
	struct mm_struct *oom_mm;
	short oom_score_adj;
};

struct fs_struct;
struct files_struct;

struct task_struct {
	struct thread_info thread_info;
	void *stack;
	unsigned int __state;
	unsigned int flags;
	unsigned int on_cpu, on_rq; /* in 7.2 bytes: CO-RE makes a load shorter only where both are unsigned */
	struct sched_entity se;
	unsigned long nvcsw;
	unsigned long nivcsw;
	struct sched_info sched_info;
	struct mm_struct *mm;
	int exit_state;
	int exit_code;
	int exit_signal;
	pid_t pid;
	pid_t tgid;
	struct task_struct *real_parent;
	struct task_struct *group_leader;
	struct pid *thread_pid;
	struct hlist_node pid_links[4];
	u64 start_time;
	u64 start_boottime;
	const struct cred *cred;
	char comm[16];
	struct fs_struct *fs;
	struct files_struct *files;
	struct nsproxy *nsproxy;
	struct signal_struct *signal;
	struct list_head thread_node;
	struct seccomp seccomp;
	u64 self_exec_id;
	struct css_set *cgroups;
};
/* up to 5.13 */
struct task_struct___5_13 {
	long state;
};

struct sigaction {
	void (*sa_handler)(int);
	unsigned long sa_flags;
};
struct k_sigaction {
	struct sigaction sa;
};

union __sifields {
	struct {
		int _pid;
	} _kill;
};
struct kernel_siginfo {
	int si_signo;
	int si_errno;
	int si_code;
	union __sifields _sifields;
};

struct linux_binprm {
	struct file *file;
	int argc;
	const char *filename;
	const char *interp;
};

struct seq_file;
struct bpf_iter_meta {
	struct seq_file *seq;
	u64 session_id;
	u64 seq_num;
};
struct bpf_iter__task {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
};
struct bpf_iter__task_file {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
	u32 fd;
	struct file *file;
};
struct sock_common;
struct bpf_iter__tcp {
	struct bpf_iter_meta *meta;
	struct sock_common *sk_common;
	unsigned int uid;
};
