// SPDX-License-Identifier: GPL-2.0
// libelf's error number, so that its own elf_error.o, which cannot be part of a shared object, stays out.

static _Thread_local int last_error;

void __libelf_seterrno(int error)
{
	last_error = error;
}

int elf_errno(void)
{
	int error = last_error;

	last_error = 0;
	return error;
}

const char *elf_errmsg(int error)
{
	(void)error;
	return "libelf cannot read this object";
}
