// SPDX-License-Identifier: GPL-2.0-only
// The second source: the same wire records as BPF's, made from /proc, sock_diag and the proc connector.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "../source.h"

namespace ebtop::proc {

// `reason`, a sentence, says why BPF cannot be used; nullopt: this source was asked for.
std::unique_ptr<Source> open_source(const SourceOptions &options, const std::optional<std::string> &reason);

} // namespace ebtop::proc
