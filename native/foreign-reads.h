// SPDX-License-Identifier: GPL-2.0-only
// foreign-files.h for JavaScript: promises, settled by separate threads. A promise may stay pending for ever.
#pragma once

#include <napi.h>

namespace ebtop {

Napi::Value read_file(const Napi::CallbackInfo &info);
Napi::Value list_folder(const Napi::CallbackInfo &info);

} // namespace ebtop
