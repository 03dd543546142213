/* SPDX-License-Identifier: GPL-2.0 */
/* Native asynchronous I/O (io_submit), and what leads from a ring to the process that maps it. */

struct kiocb {
	struct file *ki_filp;
	int ki_flags;
};
struct kioctx {
	struct file *aio_ring_file;
	unsigned int id;
	unsigned int nr_events; /* places in its ring */
};
struct aio_kiocb {
	struct kiocb rw;
	struct kioctx *ki_ctx;
};
struct kioctx_table {
	unsigned int nr;
	struct kioctx *table[0];
};
