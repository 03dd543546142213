/* SPDX-License-Identifier: GPL-2.0 */
/* Headers that most files include, parsed once, which halves the build time. Each file still includes what it uses. */
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
