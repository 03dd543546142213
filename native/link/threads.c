// SPDX-License-Identifier: GPL-2.0-only
// libstdc++'s shared_ptr asks this variable of glibc 2.32 whether it may count without atomics. README.md says more.

__attribute__((visibility("hidden"))) char __libc_single_threaded;
