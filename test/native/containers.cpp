// SPDX-License-Identifier: GPL-2.0-only
// Which container each cgroup path on stdin belongs to: a line "RUNTIME ID NAME" for each, "-" for what there is not.
#include <iostream>

#include "../../native/container-names.h"

int main()
{
	ebtop::ContainerNames names(true);
	std::string path;

	while (std::getline(std::cin, path)) {
		auto container = ebtop::find_container(path);
		std::string name = container ? names.complete(*container) : "";
		std::cout << (container ? container->runtime + " " + container->id : "- -") << " " << (name.empty() ? "-" : name) << "\n";
	}
}
