// SPDX-License-Identifier: GPL-2.0-only
#include "elf-symbols.h"

#include <cstring>
#include <elf.h>
#include <unistd.h>

namespace ebtop {
namespace {

constexpr uint64_t most_bytes = 4 << 20;
constexpr unsigned most_headers = 256;

#if defined(__x86_64__)
constexpr uint16_t machine = EM_X86_64;
#elif defined(__aarch64__)
constexpr uint16_t machine = EM_AARCH64;
#else
#error "which libraries this machine runs is not known"
#endif

// Empty if not all of it can be read.
template <class T> std::vector<T> read_table(int file, uint64_t at, uint64_t count)
{
	std::vector<T> table;

	if (count > most_bytes / sizeof(T) || at > INT64_MAX - most_bytes)
		return table;
	table.resize(count);
	size_t bytes = count * sizeof(T);
	if (pread(file, table.data(), bytes, off_t(at)) != ssize_t(bytes))
		table.clear();
	return table;
}

bool is_usable(const Elf64_Ehdr &header)
{
	return !memcmp(header.e_ident, ELFMAG, SELFMAG) && header.e_ident[EI_CLASS] == ELFCLASS64 && header.e_type == ET_DYN &&
	       header.e_machine == machine && header.e_shentsize == sizeof(Elf64_Shdr) &&
	       header.e_phentsize == sizeof(Elf64_Phdr) && header.e_shnum <= most_headers && header.e_phnum <= most_headers;
}

uint64_t offset_of(uint64_t address, const std::vector<Elf64_Phdr> &segments)
{
	for (const Elf64_Phdr &segment : segments)
		if (segment.p_type == PT_LOAD && segment.p_flags & PF_X && address >= segment.p_vaddr &&
		    address - segment.p_vaddr < segment.p_filesz)
			return address - segment.p_vaddr + segment.p_offset;
	return 0;
}

} // namespace

std::vector<uint64_t> function_offsets(int file, std::span<const std::string_view> names)
{
	std::vector<uint64_t> offsets(names.size());
	std::vector<Elf64_Ehdr> header = read_table<Elf64_Ehdr>(file, 0, 1);

	if (header.empty() || !is_usable(header[0]))
		return offsets;
	auto sections = read_table<Elf64_Shdr>(file, header[0].e_shoff, header[0].e_shnum);
	auto segments = read_table<Elf64_Phdr>(file, header[0].e_phoff, header[0].e_phnum);
	for (const Elf64_Shdr &section : sections) {
		if (section.sh_type != SHT_DYNSYM || section.sh_link >= sections.size())
			continue;
		auto symbols = read_table<Elf64_Sym>(file, section.sh_offset, section.sh_size / sizeof(Elf64_Sym));
		auto text = read_table<char>(file, sections[section.sh_link].sh_offset, sections[section.sh_link].sh_size);
		for (const Elf64_Sym &symbol : symbols) {
			if (ELF64_ST_TYPE(symbol.st_info) != STT_FUNC || symbol.st_shndx == SHN_UNDEF ||
			    symbol.st_name >= text.size())
				continue;
			std::string_view name(text.data() + symbol.st_name,
					      strnlen(text.data() + symbol.st_name, text.size() - symbol.st_name));
			for (size_t at = 0; at < names.size(); at++)
				if (name == names[at] && !offsets[at])
					offsets[at] = offset_of(symbol.st_value, segments);
		}
	}
	return offsets;
}

} // namespace ebtop
