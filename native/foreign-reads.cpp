// SPDX-License-Identifier: GPL-2.0-only
#include "foreign-reads.h"

#include "foreign-files.h"
#include "lookups.h"

namespace ebtop {

namespace {

constexpr size_t running_max = 4;
constexpr size_t waiting_max = 256;

// Not libuv's threads: a file system that hangs would occupy them all, and libuv joins them before the program can end.
Lookups &lookups()
{
	static Lookups &all = *new Lookups(running_max, waiting_max); // never freed: a thread of it may outlive everything else
	return all;
}

struct Answer {
	Napi::Promise::Deferred deferred;
	std::optional<std::string> text;
};

void settle(Napi::Env env, Napi::Function, std::nullptr_t *, Answer *answer)
{
	std::unique_ptr<Answer> owned(answer);

	if (!env) // the program is about to end
		return;
	Napi::HandleScope scope(env);
	if (owned->text) {
		const std::string &text = *owned->text;
		owned->deferred.Resolve(Napi::Buffer<char>::Copy(env, text.data(), text.size()));
	} else {
		owned->deferred.Resolve(env.Null());
	}
}

using Settler = Napi::TypedThreadSafeFunction<std::nullptr_t, Answer, settle>;
using Read = std::optional<std::string> (*)(const std::string &path, size_t limit);

Napi::Value look_up(const Napi::CallbackInfo &info, Read read)
{
	Napi::Env env = info.Env();
	std::string path = info[0].ToString();
	size_t limit = info[1].ToNumber().Uint32Value();
	auto *answer = new Answer{Napi::Promise::Deferred::New(env), {}};
	Napi::Promise promise = answer->deferred.Promise();
	Settler settler = Settler::New(env, "ebtop-lookup", 0, 1);

	settler.Unref(env); // a promise that is never settled must not keep the program alive
	bool is_asked = lookups().ask([=]() mutable {
		answer->text = read(path, limit);
		if (settler.NonBlockingCall(answer) != napi_ok)
			delete answer;
		settler.Release();
	});
	if (!is_asked) {
		settle(env, {}, nullptr, answer);
		settler.Release();
	}
	return promise;
}

} // namespace

Napi::Value read_file(const Napi::CallbackInfo &info)
{
	return look_up(info, read_foreign_file);
}
Napi::Value list_folder(const Napi::CallbackInfo &info)
{
	return look_up(info, list_foreign_folder);
}

} // namespace ebtop
