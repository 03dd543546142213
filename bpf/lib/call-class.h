/* SPDX-License-Identifier: GPL-2.0 */
/* What each system call does, as far as ebtop needs it; user space adds tail calls for some classes. */
#ifndef EBTOP_CALL_CLASS_H
#define EBTOP_CALL_CLASS_H

enum call_class {
	CALL_OTHER,
	CALL_READ, /* argument 0 is the descriptor, the result the bytes */
	CALL_WRITE,
	CALL_RECEIVE,	       /* the same; argument 3 has flags */
	CALL_RECEIVE_MESSAGE,  /* the same; argument 2 has flags */
	CALL_RECEIVE_MESSAGES, /* an array of messages, the result is their number */
	CALL_SEND,	       /* like CALL_WRITE, perhaps to an address passed with it */
	CALL_SEND_MESSAGE,
	CALL_SEND_MESSAGES,
	CALL_QUEUE_SEND, /* the result is 0, argument 2 the bytes */
	CALL_OPEN,	 /* the result is the descriptor */
	CALL_NEW,	 /* the same, but nothing is counted */
	CALL_EVENTFD,	 /* the same, with a new eventfd */
	CALL_CONNECT,
	CALL_PIPE,	 /* argument 0 points to two descriptors */
	CALL_SOCKETPAIR, /* argument 3 does */
	CALL_SENDFILE,	 /* from argument 1 to argument 0 */
	CALL_TEE,	 /* from argument 0 to argument 1 */
	CALL_SPLICE,	 /* from argument 0 to argument 2 */
	CALL_VMSPLICE,	 /* the direction follows from the end of the pipe */
	CALL_SOCKETCALL, /* 32 bit: many calls in one */
	CALL_CLONE,	 /* returns twice */
	CALL_EXEC,
	CALL_RESTART,	 /* continues a call that a signal interrupted */
	CALL_SYSV,	 /* semop, msgsnd, shmat …: argument 0 is the id of an object */
	CALL_GETFD,	 /* pidfd_getfd */
	CALL_MAP,	 /* mmap */
	CALL_AIO_SUBMIT, /* argument 0 is the context, the result how many were started */
	CALL_AIO_EVENTS, /* the same; argument 3 points to as many struct io_event */
	CALL_NAMESPACE,	 /* enters other namespaces */
	CALL_STAT,	 /* queries a name; counted like any other call, see call-event.bpf.h */
	CALL_NAME,	 /* creates, removes or renames one; the same */
	CALL_BIND,	 /* the same, as all that follow */
	CALL_MOUNT,
	CALL_PTRACE,
	CALL_BPF,
	CALL_SLEEP,
	CALL_CREDENTIALS, /* changes users, groups or capabilities */
	CALL_CLASSES,
	CALL_FOLLOWED = CALL_CLASSES, /* no class: where ebtop_follow is in the table of tail calls */
	CALL_PLACES,
};

/* What is sent for a call that is an event; made by calls/generate.mjs. Arguments count from 1; 0 is none. */
enum event_column {
	EVENT_DOES,  /* enum wire_event on success */
	EVENT_MAKES, /* the same, sent first, if the call made a file */
	EVENT_FAILS, /* the same on failure */
	EVENT_NAME,  /* the argument with a name */
	EVENT_OTHER_NAME,
	EVENT_FLAGS,   /* the argument that becomes the record's flags */
	EVENT_ADDRESS, /* the argument with a struct sockaddr; the next one is its length */
	EVENT_COLUMNS = 8,
};
/* Added to the argument of a name: the argument before it is the descriptor of its directory. */
#define EVENT_NAME_AT 0x80

#endif
