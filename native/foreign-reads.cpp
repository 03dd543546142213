// SPDX-License-Identifier: GPL-2.0-only
#include "foreign-reads.h"

#include "foreign-files.h"
#include "lookups.h"

namespace ebtop {

namespace {

// Not libuv's threads: a file system that hangs would occupy them all, and libuv joins them before the program can end.
// Others for files of users, who may have made them hang. Never freed: a thread of them may outlive everything else.
Lookups &roots = *new Lookups(4, 256), &users = *new Lookups(8, 256);

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
using Read = std::function<std::optional<std::string>()>;

Napi::Value look_up(Napi::Env env, Lookups &lookups, Read read)
{
	auto *answer = new Answer{Napi::Promise::Deferred::New(env), {}};
	Napi::Promise promise = answer->deferred.Promise();
	Settler settler = Settler::New(env, "ebtop-lookup", 0, 1);

	settler.Unref(env); // a promise that is never settled must not keep the program alive
	bool is_asked = lookups.ask([=]() mutable {
		answer->text = read();
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
	std::string path = info[0].ToString();
	size_t limit = info[1].ToNumber().Uint32Value();
	std::optional<uid_t> owner;

	if (info[2].IsNumber())
		owner = info[2].ToNumber().Uint32Value();
	// A process can make reading its memory, as for its command line, take for ever.
	bool is_users = owner.value_or(0) || path.starts_with("/proc/");
	return look_up(info.Env(), is_users ? users : roots, [=] { return read_foreign_file(path, limit, owner); });
}
Napi::Value list_folder(const Napi::CallbackInfo &info)
{
	std::string path = info[0].ToString();
	size_t limit = info[1].ToNumber().Uint32Value();

	return look_up(info.Env(), roots, [=] { return list_foreign_folder(path, limit); });
}

} // namespace ebtop
