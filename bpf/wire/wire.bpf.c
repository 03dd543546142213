// SPDX-License-Identifier: GPL-2.0
// Makes clang emit the BTF of every wire struct, so that the TypeScript layout can be generated from it.
#include "vmlinux.h"
#include "wire.h"

#define EMIT(s) struct s *emit_##s
EMIT(wire_head);
EMIT(wire_process);
EMIT(wire_exec);
EMIT(wire_text);
EMIT(wire_exit);
EMIT(wire_oom);
EMIT(wire_signal);
EMIT(wire_syscall);
EMIT(wire_latency);
EMIT(wire_spill);
EMIT(wire_sample);
EMIT(wire_object);
EMIT(wire_io);
EMIT(wire_position);
EMIT(wire_tcp);
EMIT(wire_fd_pass);
EMIT(wire_system);
EMIT(wire_probe);
EMIT(wire_map);
EMIT(wire_name);
EMIT(wire_pass);
EMIT(wire_tick);

#define EMIT_ENUM(e) enum e emit_##e
EMIT_ENUM(wire_type);
EMIT_ENUM(wire_process_flag);
EMIT_ENUM(wire_text_flag);
EMIT_ENUM(wire_exit_flag);
EMIT_ENUM(wire_abi);
EMIT_ENUM(wire_kind);
EMIT_ENUM(wire_how);
EMIT_ENUM(wire_io_flag);
EMIT_ENUM(wire_handover);
EMIT_ENUM(wire_tcp_role);
EMIT_ENUM(wire_tcp_flag);
EMIT_ENUM(wire_unmeasured);
EMIT_ENUM(wire_probe_state);
EMIT_ENUM(wire_name_kind);
EMIT_ENUM(wire_pass_kind);
