/* SPDX-License-Identifier: GPL-2.0 */
/* Requests of io_uring. */

struct io_uring_task {
	struct task_struct *task;
};
struct io_kiocb {
	struct file *file;
	u8 opcode;
	struct io_uring_task *tctx;
};
/* up to 6.12 */
struct io_kiocb___6_12 {
	struct task_struct *task;
};
struct io_uring_cqe {
	__s32 res;
};
