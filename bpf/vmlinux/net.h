/* SPDX-License-Identifier: GPL-2.0 */
/* Sockets. */

struct net {
	struct ns_common ns;
};
