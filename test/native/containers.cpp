// SPDX-License-Identifier: GPL-2.0-only
// Prints which container each cgroup path on stdin belongs to: a line "RUNTIME ID" for each, "- -" for none.
#include <iostream>

#include "../../native/container.h"

int main()
{
	std::string path;

	while (std::getline(std::cin, path)) {
		auto container = ebtop::find_container(path);
		std::cout << (container ? container->runtime + " " + container->id : "- -") << "\n";
	}
}
