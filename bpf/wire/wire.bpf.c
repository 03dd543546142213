// SPDX-License-Identifier: GPL-2.0
// Makes clang emit the BTF of every record and enum, so that the TypeScript layout can be generated from it.
#include "vmlinux.h"
#include "wire.h"

struct wire_head *head;

#define EMIT_RECORD(type, record) struct record *record_##type;
WIRE_RECORDS(EMIT_RECORD)

#define EMIT_ENUM(each) enum each *each##_pointer;
WIRE_ENUMS(EMIT_ENUM)
