// SPDX-License-Identifier: GPL-2.0-only
#include "bpf/ipc-sysv.h"

#include <algorithm>
#include <cstring>
#include <set>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/stat.h>

#include "clock.h"

namespace ebtop::bpf {
namespace {

constexpr int semaphores_max = 64; // of one set that are asked who used them last
constexpr uint32_t can_read = 1, can_write = 2;

uint32_t own_namespace()
{
	struct stat status{};

	return stat("/proc/self/ns/ipc", &status) == 0 ? status.st_ino : 0;
}

wire_object object_of(wire_kind kind, int id, const ipc_perm &perm)
{
	static const uint32_t space = own_namespace();
	wire_object object{};
	const uint32_t owner[2] = {perm.uid, perm.gid}, creator[2] = {perm.cuid, perm.cgid};

	object.head.time = boot_ns();
	object.slot = WIRE_NO_SLOT;
	object.dev = space;
	object.ino = id;
	object.gen = object.kind = kind;
	object.how = WIRE_HOW_HELD;
	object.rdev = perm.__key;
	memcpy(object.local, owner, sizeof(owner));
	memcpy(object.remote, creator, sizeof(creator));
	return object;
}

void append_user(Batch &batch, const Starts &starts, wire_object object, int pid, uint32_t fmode)
{
	auto user = starts.find(pid);

	if (pid <= 0 || user == starts.end())
		return;
	object.head.pid = pid;
	object.head.start = user->second;
	object.fmode = fmode;
	batch.append(WIRE_OBJECT, object);
}

void append_queues(Batch &batch, const Starts &starts)
{
	msginfo info{};
	int last = msgctl(0, MSG_INFO, reinterpret_cast<msqid_ds *>(&info));

	for (int index = 0; index <= last; index++) {
		msqid_ds queue{};
		int id = msgctl(index, MSG_STAT, &queue);
		if (id < 0)
			continue;
		wire_object object = object_of(WIRE_KIND_SYSV_MSG, id, queue.msg_perm);
		append_user(batch, starts, object, queue.msg_lspid, can_write);
		append_user(batch, starts, object, queue.msg_lrpid, can_read);
	}
}

void append_semaphores(Batch &batch, const Starts &starts)
{
	seminfo info{};
	int last = semctl(0, 0, SEM_INFO, &info);

	for (int index = 0; index <= last; index++) {
		semid_ds set{};
		int id = semctl(index, 0, SEM_STAT, &set);
		if (id < 0)
			continue;
		wire_object object = object_of(WIRE_KIND_SYSV_SEM, id, set.sem_perm);
		std::set<int> users;
		for (int i = 0; i < std::min<int>(set.sem_nsems, semaphores_max); i++)
			users.insert(semctl(id, i, GETPID));
		for (int pid : users)
			append_user(batch, starts, object, pid, can_read | can_write);
	}
}

} // namespace

void append_sysv_users(Batch &batch, const Starts &starts)
{
	append_queues(batch, starts);
	append_semaphores(batch, starts);
}

} // namespace ebtop::bpf
