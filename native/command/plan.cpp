// SPDX-License-Identifier: GPL-2.0-only
#include "command/plan.h"

namespace ebtop {
namespace {

std::vector<std::string> strings_of(const Napi::Value &value)
{
	Napi::Array array = value.As<Napi::Array>();
	std::vector<std::string> strings;

	for (uint32_t i = 0; i < array.Length(); i++)
		strings.push_back(array.Get(i).As<Napi::String>().Utf8Value());
	return strings;
}

// With a nullptr behind them, as exec takes them.
std::vector<char *> pointers_to(std::vector<std::string> &strings)
{
	std::vector<char *> pointers;

	pointers.reserve(strings.size() + 1);
	for (std::string &text : strings)
		pointers.push_back(text.data());
	pointers.push_back(nullptr);
	return pointers;
}

} // namespace

CommandPlan::CommandPlan(const Napi::Object &options)
	: words(strings_of(options.Get("argv"))), variables(strings_of(options.Get("env"))), argv(pointers_to(words)),
	  envp(pointers_to(variables))
{
	Napi::Array passed = options.Get("descriptors").As<Napi::Array>();
	for (uint32_t i = 0; i < passed.Length(); i++)
		descriptors.push_back(passed.Get(i).As<Napi::Number>().Int32Value());
	if (options.Get("output").IsNumber()) {
		is_apart = true;
		output = options.Get("output").As<Napi::Number>().Int32Value();
	}
	if (!options.Get("user").IsObject())
		return;
	Napi::Object user = options.Get("user").As<Napi::Object>();
	Napi::Array ids = user.Get("groups").As<Napi::Array>();
	is_other_user = true;
	uid = user.Get("uid").As<Napi::Number>().Uint32Value();
	gid = user.Get("gid").As<Napi::Number>().Uint32Value();
	for (uint32_t i = 0; i < ids.Length(); i++)
		groups.push_back(ids.Get(i).As<Napi::Number>().Uint32Value());
}

} // namespace ebtop
