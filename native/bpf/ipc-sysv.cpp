// SPDX-License-Identifier: GPL-2.0-only
#include "bpf/ipc-sysv.h"

#include <algorithm>
#include <cstring>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>

#include "clock.h"
#include "own-namespace.h"

namespace ebtop::bpf {
namespace {

constexpr uint32_t can_read = 1, can_write = 2;

uint32_t own_space()
{
	static const uint32_t space = own_namespace("ipc");

	return space;
}

wire_object object_of(wire_kind kind, int id, const ipc_perm &perm)
{
	wire_object object{};
	const uint32_t owner[2] = {perm.uid, perm.gid}, creator[2] = {perm.cuid, perm.cgid};

	object.head.time = boot_ns();
	object.slot = WIRE_NO_SLOT;
	object.dev = own_space();
	object.ino = id;
	object.gen = object.kind = kind;
	object.how = WIRE_HOW_HELD;
	object.rdev = perm.__key;
	memcpy(object.local, owner, sizeof(owner));
	memcpy(object.remote, creator, sizeof(creator));
	return object;
}

// Called with the pid of a process that used the object; the record says how.
using EachUser = std::function<void(wire_object &, int pid)>;

void each_queue_user(int id, const msqid_ds &queue, const EachUser &each)
{
	wire_object object = object_of(WIRE_KIND_SYSV_MSG, id, queue.msg_perm);

	object.fmode = can_write;
	each(object, queue.msg_lspid);
	object.fmode = can_read;
	each(object, queue.msg_lrpid);
}

void each_semaphore_user(int id, const semid_ds &set, SkippedSemaphores &skipped, const EachUser &each)
{
	wire_object object = object_of(WIRE_KIND_SYSV_SEM, id, set.sem_perm);
	std::set<int> users;
	uint32_t asked = skipped.read_count_of(set.sem_nsems);

	for (uint32_t i = 0; i < asked; i++)
		users.insert(semctl(id, int(i), GETPID));
	object.fmode = can_read | can_write;
	for (int pid : users)
		each(object, pid);
}

// Calls `each` for all objects.
SkippedSemaphores each_user(const EachUser &each)
{
	SkippedSemaphores skipped;
	msginfo queues{};
	seminfo sets{};
	int last = msgctl(0, MSG_INFO, reinterpret_cast<msqid_ds *>(&queues));

	for (int index = 0; index <= last; index++) {
		msqid_ds queue{};
		if (int id = msgctl(index, MSG_STAT, &queue); id >= 0)
			each_queue_user(id, queue, each);
	}
	last = semctl(0, 0, SEM_INFO, &sets);
	for (int index = 0; index <= last; index++) {
		semid_ds set{};
		if (int id = semctl(index, 0, SEM_STAT, &set); id >= 0)
			each_semaphore_user(id, set, skipped, each);
	}
	return skipped;
}

} // namespace

SkippedSemaphores append_sysv_users(Batch &batch, const Starts &starts, const std::function<void(const wire_object &)> &each)
{
	return each_user([&](wire_object &object, int pid) {
		auto user = starts.find(pid);
		if (pid <= 0 || user == starts.end())
			return;
		object.head.pid = pid;
		object.head.start = user->second;
		each(object);
		batch.append(WIRE_OBJECT, object);
	});
}

void SysvPeers::on_object(const wire_object &object)
{
	if (object.is_foreign || object.dev != own_space())
		return;
	if (object.kind == WIRE_KIND_SYSV_MSG)
		queues_.insert(int(object.ino));
	else if (object.kind == WIRE_KIND_SYSV_SEM)
		semaphores_.insert(int(object.ino));
}

SkippedSemaphores SysvPeers::append(Batch &batch, Peers &peers)
{
	SkippedSemaphores skipped;
	auto append_peer = [&](wire_object &object, int pid) {
		if (pid <= 0 || peers.is_wanted(pid))
			return;
		peers.suspect(pid);
		object.head.pid = pid;
		object.head.start = peers.start_of(pid);
		object.is_foreign = true;
		if (object.head.start)
			batch.append(WIRE_OBJECT, object);
	};
	std::erase_if(queues_, [&](int id) {
		msqid_ds queue{};
		bool is_gone = msgctl(id, IPC_STAT, &queue) < 0;
		if (!is_gone)
			each_queue_user(id, queue, append_peer);
		return is_gone;
	});
	std::erase_if(semaphores_, [&](int id) {
		semid_ds set{};
		bool is_gone = semctl(id, 0, IPC_STAT, &set) < 0;
		if (!is_gone)
			each_semaphore_user(id, set, skipped, append_peer);
		return is_gone;
	});
	return skipped;
}

} // namespace ebtop::bpf
