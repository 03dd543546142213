/* SPDX-License-Identifier: GPL-2.0 */
/* System V IPC. */

struct ipc_namespace {
	struct ns_common ns;
};
