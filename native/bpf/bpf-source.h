// SPDX-License-Identifier: GPL-2.0-only
// The BPF source: loads the object, attaches the probes that the wanted concerns need, drains and sweeps.
#pragma once

#include <memory>
#include <optional>

#include "counters.h"
#include "../source.h"

struct ring_buffer;
struct bpf_link;
struct ebtop_bpf;

namespace ebtop::bpf {

std::unique_ptr<Source> open_source(const SourceOptions &options);

// Why BPF cannot be used here, a sentence; nothing where it can.
std::optional<std::string> why_unusable();

} // namespace ebtop::bpf
