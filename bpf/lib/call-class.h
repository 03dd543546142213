/* SPDX-License-Identifier: GPL-2.0 */
/* What each system call does, as far as ebtop cares; user space puts programs in the places of some. */
#ifndef EBTOP_CALL_CLASS_H
#define EBTOP_CALL_CLASS_H

enum call_class {
	CALL_OTHER,
	CALL_READ, /* argument 0 is the descriptor, the result the bytes */
	CALL_WRITE,
	CALL_RECEIVE,	       /* the same; argument 3 has flags */
	CALL_RECEIVE_MESSAGE,  /* the same; argument 2 has flags */
	CALL_RECEIVE_MESSAGES, /* an array of messages, the result says how many */
	CALL_SEND,	       /* as CALL_WRITE, perhaps to an address that is given with it */
	CALL_SEND_MESSAGE,
	CALL_SEND_MESSAGES,
	CALL_QUEUE_SEND, /* the result is 0, argument 2 the bytes */
	CALL_OPEN,	 /* the result is the descriptor */
	CALL_NEW,	 /* the same, nothing is counted */
	CALL_EVENTFD,	 /* the same; what it describes is new */
	CALL_CONNECT,
	CALL_PIPE,	 /* argument 0 points to two descriptors */
	CALL_SOCKETPAIR, /* argument 3 does */
	CALL_SENDFILE,	 /* from argument 1 to argument 0 */
	CALL_TEE,	 /* from argument 0 to argument 1 */
	CALL_SPLICE,	 /* from argument 0 to argument 2 */
	CALL_VMSPLICE,	 /* the end of the pipe says in which direction */
	CALL_SOCKETCALL, /* 32 bit: many calls in one */
	CALL_CLONE,	 /* returns twice */
	CALL_EXEC,
	CALL_RESTART,	 /* goes on with a call that a signal interrupted */
	CALL_SYSV,	 /* semop, msgsnd, shmat …: argument 0 is the id of an object */
	CALL_GETFD,	 /* pidfd_getfd */
	CALL_MAP,	 /* mmap */
	CALL_AIO_SUBMIT, /* argument 0 is the context, the result how many were begun */
	CALL_AIO_EVENTS, /* the same; argument 3 points to as many struct io_event */
	CALL_STAT,	 /* asks about a name; counted as any other call, see call-event.bpf.h */
	CALL_NAME,	 /* makes, removes or renames one; the same */
	CALL_BIND,	 /* the same, as all that follow */
	CALL_MOUNT,
	CALL_PTRACE,
	CALL_BPF,
	CALL_CREDENTIALS, /* changes users, groups or capabilities */
	CALL_CLASSES,
};

/* What is sent of a call that is an event by itself, by calls/generate.mjs. Arguments count from 1, 0 is none. */
enum event_column {
	EVENT_DOES,  /* enum wire_event where it succeeds */
	EVENT_FAILS, /* where it fails */
	EVENT_NAME,  /* the argument that is a name */
	EVENT_OTHER_NAME,
	EVENT_FLAGS,   /* the argument that the record has as flags */
	EVENT_ADDRESS, /* the argument that is a struct sockaddr; the next one is its length */
	EVENT_COLUMNS = 8,
};
/* With the argument of a name: the one before it is the descriptor of its directory. */
#define EVENT_NAME_AT 0x80

#endif
