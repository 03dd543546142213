/* SPDX-License-Identifier: GPL-2.0 */
/* Requests of io_uring. */

struct io_uring_task {
	struct task_struct *task;
};
struct io_cqe {
	u64 user_data;
};
struct io_ring_ctx;
struct io_kiocb {
	struct file *file;
	u8 opcode;
	struct io_cqe cqe;
	struct io_ring_ctx *ctx;
	struct io_uring_task *tctx;
	struct hlist_node hash_node;
	void *async_data;
};
/* up to 6.12 */
struct io_kiocb___6_12 {
	struct task_struct *task;
};
struct io_uring_cqe {
	__u64 user_data;
	__s32 res;
	__u32 flags;
};

/* Armed requests, by their user data. */
struct io_hash_bucket {
	struct hlist_head list;
};
struct io_hash_table {
	struct io_hash_bucket *hbs;
	unsigned int hash_bits;
};
struct io_ring_ctx {
	struct io_hash_table cancel_table;
};
/* 6.0 to 6.12 */
struct io_ring_ctx___6_12 {
	struct io_hash_table cancel_table_locked;
};

/* A request as its operation sees it: these begin where struct io_kiocb does. */
struct io_sr_msg {
	void *umsg;
	u16 flags;
};
struct io_accept {
	int iou_flags;
	u32 file_slot;
};
struct io_open {
	u32 file_slot;
};
/* What a receiving or sending request keeps while it waits. */
struct io_async_msghdr {
	int namelen;
	unsigned long controllen;
};
