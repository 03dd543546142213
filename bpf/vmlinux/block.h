/* SPDX-License-Identifier: GPL-2.0 */
/* Block devices and their requests. */

struct gendisk {
	int major;
	int first_minor;
	char disk_name[32];
};
struct request_queue {
	struct gendisk *disk;
};
struct blkcg {
	struct cgroup_subsys_state css;
};
struct blkcg_gq {
	struct blkcg *blkcg;
};
struct page {
	struct address_space *mapping;
	unsigned long compound_head;
};
struct bio_vec {
	struct page *bv_page;
};
struct bio {
	struct bio_vec *bi_io_vec;
	struct blkcg_gq *bi_blkg;
};
struct request {
	struct request_queue *q;
	unsigned int cmd_flags;
	unsigned int __data_len;
	unsigned long long __sector;
	struct bio *bio;
};
struct request___5_14 {
	struct gendisk *rq_disk;
};
