/* SPDX-License-Identifier: GPL-2.0 */
/* The user memory of sendmsg and recvmsg: headers, control messages, addresses. It is only a hint, since another thread
 * may have changed it meanwhile. */
#ifndef EBTOP_MESSAGE_BPF_H
#define EBTOP_MESSAGE_BPF_H

#include "registers.bpf.h"

#define MESSAGES_MAX 1024  /* in one sendmmsg or recvmmsg: the kernel's limit (UIO_MAXIOV) */
#define OLD_MESSAGES_MAX 8 /* in the old form (form.bpf.h) the verifier walks through each */
#define OLD_RIGHTS_MAX 16
#define SOL_SOCKET 1
#define SCM_RIGHTS 1

struct message_header {
	__u64 name;
	__u32 name_len;
	__u32 reserved;
	__u64 pieces;
	__u64 piece_count;
	__u64 control;
	__u64 control_len;
	__u32 flags;
	__u32 reserved2;
};

/* An element of the array that sendmmsg and recvmmsg take */
struct message_element {
	struct message_header header;
	__u32 len;
	__u32 reserved;
};

struct control_header {
	__u64 len;
	__s32 level;
	__s32 type;
};

#endif
