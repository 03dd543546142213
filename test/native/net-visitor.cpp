// SPDX-License-Identifier: GPL-2.0-only
// Visits the network namespaces of the processes given as arguments, a line for each visit: first when no thread can be
// created, then with one, then once more. A line is ERROR DENIED and the pids whose network namespace differs from the one
// here.
#include <dlfcn.h>
#include <fcntl.h>
#include <iostream>
#include <pthread.h>
#include <unistd.h>

#include "../../native/net-visitor.h"

static bool has_threads = false;

// Replaces the C library's function, which creates every thread.
extern "C" int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*run)(void *), void *argument)
{
	using Create = int (*)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);

	return has_threads ? Create(dlsym(RTLD_NEXT, "pthread_create"))(thread, attributes, run, argument) : EAGAIN;
}

static std::string network()
{
	char link[64];

	return {link, size_t(readlink("/proc/thread-self/ns/net", link, sizeof(link)))};
}

int main(int argc, char **argv)
{
	std::vector<uint32_t> pids;
	for (int i = 1; i < argc; i++)
		pids.push_back(atoi(argv[i]));
	const std::string here = network();
	ebtop::NetVisitor visitor;

	for (int round = 0; round < 3; round++) {
		std::string elsewhere;
		auto outcome = visitor.visit(pids, [&](uint32_t pid) {
			if (network() != here)
				elsewhere += " " + std::to_string(pid);
			return true;
		});
		std::cout << outcome.error << " " << outcome.denied.size() << elsewhere << (network() == here ? "" : " lost") << "\n";
		has_threads = true;
	}
	try {
		visitor.visit(pids, [](uint32_t) -> bool { throw std::bad_alloc(); });
	} catch (const std::bad_alloc &) {
		std::cout << "thrown\n";
	}
}
