// SPDX-License-Identifier: GPL-2.0-only
// What libstdc++ takes of glibc for threads, in the versions that every glibc has. README.md says more.
#include <pthread.h>

// glibc 2.32: whether a shared_ptr may count without atomics.
__attribute__((visibility("hidden"))) char __libc_single_threaded;

#ifdef __aarch64__
#define FIRST_GLIBC "GLIBC_2.17"
#else
#define FIRST_GLIBC "GLIBC_2.2.5"
#endif

// `name` under the version that it had before glibc 2.34 moved it from libpthread to libc.
#define FROM_FIRST_GLIBC(name, parameters, arguments) \
	int first_##name parameters; \
	__asm__(".symver first_" #name ", " #name "@" FIRST_GLIBC); \
	int __wrap_##name parameters; \
	int __wrap_##name parameters \
	{ \
		return first_##name arguments; \
	}

typedef void *body(void *);

FROM_FIRST_GLIBC(pthread_create, (pthread_t * thread, const pthread_attr_t *attributes, body *run, void *argument),
		 (thread, attributes, run, argument))
FROM_FIRST_GLIBC(pthread_join, (pthread_t thread, void **result), (thread, result))
FROM_FIRST_GLIBC(pthread_detach, (pthread_t thread), (thread))
