// SPDX-License-Identifier: GPL-2.0-only
// Names of containers: from the files of their runtime, else from conmon's command line.
#pragma once

#include <string>

#include "conmon.h"
#include "container.h"

namespace ebtop {

class ContainerNames {
public:
	explicit ContainerNames(bool may_read_args) : may_read_args_(may_read_args) {}

	// Takes the command line of an exec.
	void on_args(std::string_view args) { conmons_.learn(args); }

	// The name; empty where nothing that may be read has it. Corrects the runtime where the path left it open.
	std::string complete(ContainerId &container);

private:
	const bool may_read_args_;
	Conmons conmons_;
};

} // namespace ebtop
