// SPDX-License-Identifier: GPL-2.0-only
// What /proc says of all processes. A pass reads it once: which exist, which ran, which are gone.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "pid-list.h"
#include "process-reader.h"
#include "process-store.h"
#include "wanted-names.h"

namespace ebtop::proc {

class ProcessTable {
public:
	explicit ProcessTable(const SourceOptions &options);

	// One pass over /proc. False if it cannot be read: then nothing changes.
	bool pass();

	// The process as it is now, or as it last was if resources ran out. nullptr if it is gone or hidden.
	const Process *look_up(uint32_t pid) { return read(pid); }
	const Process *find(uint32_t pid) const { return processes_.find(pid); }
	// Adds the child of a fork event. `stat` is its /proc/PID/stat at that time, empty if it was gone: then its data is
	// copied from its parent. nullptr if nothing is known.
	const Process *add_forked(uint32_t pid, uint32_t parent, uint64_t time, std::string_view stat);
	const Process *update(uint32_t pid, std::string_view stat);
	// An exec replaced its program; the name of the new one is not known.
	void forget_comm(const Process &process);
	void set_cgroup(const Process &process, uint64_t id) { own(process).record.cgroup = id; }
	// The next pass reads and sends it even if it sleeps.
	void want_again(const Process &process) { own(process).is_due = true; }
	// Called when its state was sent, and when its program was.
	void note_state_sent(const Process &process) { own(process).is_due = false; }
	void note_program_sent(const Process &process);
	// Whether it certainly has not run since that time.
	bool has_slept_since(const Process &process, uint64_t time_ns);
	bool is_first_pass() const { return pass_ == 1; }
	// Whether the last pass read it: because it ran, or was due.
	bool was_read(const Process &process) const { return process.stat_pass == pass_; }
	// Whether it is this process's turn in this pass: each has one in `passes`.
	bool is_turn(const Process &process, uint64_t passes) const { return is_turn(process.pid(), passes); }
	// The wanted processes that were missing for the first time in the last pass.
	const ProcessList &missed() const { return missed_; }
	// The places of processes that the last pass dropped, see PerProcess.
	const std::vector<uint32_t> &released() const { return processes_.released(); }

	// The wanted processes, in the order of /proc. Valid until the next pass.
	const ProcessList &wanted() const { return wanted_; }
	bool is_wanted(const Process &process) { return check_wanted(own(process)); }
	// All that /proc shows, wanted or not.
	template <class Each> void each(Each each) const { processes_.each(each); }
	bool has_unwanted() const { return !names_.are_all(); }
	int proc_dir() const { return reader_.proc_dir(); }
	bool keeps_open(uint32_t fd) const { return reader_.keeps_open(fd); }
	// With hidepid, processes of other users are hidden; PID 1 is one of them.
	bool hides_others() const { return hides_others_; }
	// errno: why some processes could not be read in the last pass; 0 if all were read.
	int shortage() const { return shortage_; }
	void note_shortage(int error) { shortage_ = error; }
	uint64_t began_ns() const { return began_ns_; }

	// Data that seldom changes is read when a process is new, after an exec, and again after this many passes.
	static constexpr uint64_t owner_passes = 32; // user, group, seccomp
	static constexpr uint64_t place_passes = 64; // namespaces, cgroup, and what others can change while it sleeps

private:
	bool is_turn(uint32_t pid, uint64_t passes) const { return (pass_ + pid) % passes == 0; }
	Process &own(const Process &process) { return *processes_.find(process.pid()); }
	Process *read(uint32_t pid);
	bool check_wanted(Process &process);
	Process *apply_stat(uint32_t pid, std::string_view text);
	Process *refresh(uint32_t pid);
	void forget_gone();
	void find_new_parents();

	const uint64_t began_ns_;
	const WantedNames names_;
	uint64_t pass_ = 0;
	ProcessReader reader_;
	bool hides_others_ = false;
	int shortage_ = 0;
	PidList pids_;
	ProcessStore processes_;
	ProcessList wanted_, missed_;
};

} // namespace ebtop::proc
