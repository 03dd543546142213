// SPDX-License-Identifier: GPL-2.0
// Requests to block devices. The process that makes a request is current only when it is made: later, kworkers issue and
// interrupts complete requests of other processes.
#include "lib/disk.bpf.h"

/* Since 6.5 the kernel has a tracepoint where a request is made. */
SEC("tp_btf/block_io_start")
int ebtop_disk_new(void *ctx)
{
	begin_request(request_address(ctx, 0));
	return 0;
}

/* Before that, the process that made it queues or issues it. */
SEC("tp_btf/block_rq_insert")
int ebtop_disk_put(void *ctx)
{
	__u64 address = request_address(ctx, request_argument);

	if (!bpf_map_lookup_elem(&disk_requests, &address))
		begin_request(address);
	return 0;
}

SEC("tp_btf/block_rq_issue")
int ebtop_disk_go(void *ctx)
{
	__u64 address = request_address(ctx, request_argument);
	struct disk_request *entry = bpf_map_lookup_elem(&disk_requests, &address);

	if (entry)
		issue_request(entry, address);
	return 0;
}

/* The same if no tracepoint reports the request itself. */
SEC("tp_btf/block_rq_issue")
int ebtop_disk_go2(void *ctx)
{
	__u64 address = request_address(ctx, request_argument);
	struct disk_request *entry = bpf_map_lookup_elem(&disk_requests, &address);

	if (!entry) {
		begin_request(address);
		entry = bpf_map_lookup_elem(&disk_requests, &address);
	}
	if (entry)
		issue_request(entry, address);
	return 0;
}

/* It was merged into another one. */
SEC("tp_btf/block_rq_merge")
int ebtop_disk_join(void *ctx)
{
	forget_request(request_address(ctx, request_argument));
	return 0;
}

/* A part of it failed; the end of the request does not say so. Attached before the programs of the end. */
SEC("tp_btf/block_rq_complete")
int BPF_PROG(ebtop_disk_fail, struct request *request, int error)
{
	__u64 address = request_address(ctx, 0);
	struct disk_request *entry;

	if (!error)
		return 0;
	entry = bpf_map_lookup_elem(&disk_requests, &address);
	if (entry)
		entry->error = error;
	return 0;
}

SEC("tp_btf/block_io_done")
int ebtop_disk_end(void *ctx)
{
	end_request(request_address(ctx, 0));
	return 0;
}

/* Before 6.5: for each completed part. */
SEC("tp_btf/block_rq_complete")
int BPF_PROG(ebtop_disk_part, struct request *request, int error, unsigned int bytes)
{
	if (bytes >= peek(struct request, request, __data_len))
		end_request(request_address(ctx, 0));
	return 0;
}

/* A page of a file becomes dirty; the second argument is the file's struct address_space. */
SEC("tp_btf/writeback_dirty_folio")
int ebtop_dirtied(void *ctx)
{
	remember_dirtier(request_address(ctx, 1));
	return 0;
}

/* Its name before 5.18. */
SEC("tp_btf/writeback_dirty_page")
int ebtop_dirtied_p(void *ctx)
{
	remember_dirtier(request_address(ctx, 1));
	return 0;
}
