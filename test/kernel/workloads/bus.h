/* SPDX-License-Identifier: GPL-2.0 */
// A small client of a real dbus-daemon: it speaks the wire format, little-endian, and reads as libdbus does, several messages
// at once if there are several.
#ifndef BUS_H
#define BUS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/un.h>

#define BUS_SOCKET "bus.sock"
#define BUS_SERVICE "eb.Service"
#define BUS_CALL 1
#define BUS_RETURN 2
#define BUS_REPLY_SERIAL 5
#define BUS_DESTINATION 6
#define BUS_SENDER 7
#define BUS_READ 2048 /* as much as libdbus reads at a time */

struct bus {
	int fd;
	uint32_t serial;
	unsigned begin, end;
	char bytes[2 * BUS_READ];
};

struct bus_in {
	int type;
	uint32_t serial, reply_serial;
	char sender[64], text[256];
};

struct bus_out {
	char bytes[1024];
	unsigned len;
};

static uint32_t bus_word(const char *at)
{
	uint32_t word;

	memcpy(&word, at, sizeof(word));
	return word;
}

static void bus_align(struct bus_out *out)
{
	while (out->len % 8)
		out->bytes[out->len++] = 0;
}

static void bus_put(struct bus_out *out, const void *from, unsigned len)
{
	memcpy(out->bytes + out->len, from, len);
	out->len += len;
}

static void bus_text(struct bus_out *out, const char *text)
{
	uint32_t len = strlen(text);

	bus_put(out, &len, sizeof(len));
	bus_put(out, text, len + 1);
}

static void bus_field(struct bus_out *out, int code, char signature, const char *text, uint32_t number)
{
	const char begin[] = {code, 1, signature, 0};

	if (!text && !number)
		return;
	bus_align(out);
	bus_put(out, begin, sizeof(begin));
	if (signature == 'g') {
		out->bytes[out->len++] = strlen(text);
		bus_put(out, text, strlen(text) + 1);
	} else if (signature == 'u')
		bus_put(out, &number, sizeof(number));
	else
		bus_text(out, text);
}

/* Header and body are two pieces of one call, as libdbus writes them. */
static uint32_t bus_send(struct bus *bus, int type, const char *to, const char *interface, const char *member, uint32_t answers,
			 const char *text)
{
	struct bus_out header = {.len = 16}, body = {.len = 0};
	bool has_flags = member && !strcmp(member, "RequestName");
	uint32_t serial = ++bus->serial, words[3];
	char flags[] = {'l', type, 0, 1};
	struct iovec pieces[2];
	struct msghdr message = {.msg_iov = pieces, .msg_iovlen = 2};

	bus_field(&header, 1, 'o', type == BUS_CALL ? "/" : NULL, 0);
	bus_field(&header, 2, 's', interface, 0);
	bus_field(&header, 3, 's', member, 0);
	bus_field(&header, BUS_REPLY_SERIAL, 'u', NULL, answers);
	bus_field(&header, BUS_DESTINATION, 's', to, 0);
	bus_field(&header, 8, 'g', text ? has_flags ? "su" : "s" : NULL, 0);
	words[2] = header.len - 16;
	bus_align(&header);
	if (text)
		bus_text(&body, text);
	if (has_flags) {
		while (body.len % 4)
			body.bytes[body.len++] = 0;
		bus_put(&body, &(uint32_t){0}, 4);
	}
	words[0] = body.len;
	words[1] = serial;
	memcpy(header.bytes, flags, sizeof(flags));
	memcpy(header.bytes + 4, words, sizeof(words));
	pieces[0] = (struct iovec){header.bytes, header.len};
	pieces[1] = (struct iovec){body.bytes, body.len};
	if (sendmsg(bus->fd, &message, MSG_NOSIGNAL) < 0)
		_exit(0);
	return serial;
}

/* The length of the whole message at `at`; 0: it is not complete. */
static unsigned bus_length(const char *at, unsigned have)
{
	unsigned len;

	if (have < 16)
		return 0;
	len = ((16 + bus_word(at + 12) + 7) & ~7u) + bus_word(at + 4);
	return len <= have ? len : 0;
}

static void bus_parse(const char *message, struct bus_in *in)
{
	unsigned at = 16, end = 16 + bus_word(message + 12), body = (end + 7) & ~7u;

	memset(in, 0, sizeof(*in));
	in->type = message[1];
	in->serial = bus_word(message + 8);
	while (at + 8 <= end) {
		const char *field = message + at;
		uint32_t value = bus_word(field + 4);

		if (field[0] == BUS_REPLY_SERIAL)
			in->reply_serial = value;
		if (field[0] == BUS_SENDER)
			snprintf(in->sender, sizeof(in->sender), "%s", field + 8);
		at += field[2] == 'u' ? 8 : field[2] == 'g' ? 6u + (unsigned char)field[4] : 9 + value;
		at = (at + 7) & ~7u;
	}
	if (bus_word(message + 4) > 4)
		snprintf(in->text, sizeof(in->text), "%s", message + body + 4);
}

static void bus_receive(struct bus *bus, struct bus_in *in)
{
	unsigned len;
	ssize_t got;

	while (!(len = bus_length(bus->bytes + bus->begin, bus->end - bus->begin))) {
		memmove(bus->bytes, bus->bytes + bus->begin, bus->end - bus->begin);
		bus->end -= bus->begin;
		bus->begin = 0;
		got = recv(bus->fd, bus->bytes + bus->end, BUS_READ, 0);
		if (got <= 0)
			_exit(0);
		bus->end += got;
	}
	bus_parse(bus->bytes + bus->begin, in);
	bus->begin += len;
}

/* Calls and waits for the answer. */
static void bus_ask(struct bus *bus, const char *to, const char *interface, const char *member, const char *text,
		    struct bus_in *answer)
{
	uint32_t serial = bus_send(bus, BUS_CALL, to, interface, member, 0, text);

	do
		bus_receive(bus, answer);
	while (answer->reply_serial != serial);
	if (answer->type != BUS_RETURN)
		fail(answer->text);
}

static void bus_ask_bus(struct bus *bus, const char *member, const char *text)
{
	struct bus_in answer;

	bus_ask(bus, "org.freedesktop.DBus", "org.freedesktop.DBus", member, text, &answer);
}

static void bus_connect(struct bus *bus)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = BUS_SOCKET};
	char uid[16], line[64], *at = line + sprintf(line, "%cAUTH EXTERNAL ", 0);
	int len = snprintf(uid, sizeof(uid), "%d", getuid());

	*bus = (struct bus){.fd = CHECK(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0))};
	CHECK(connect(bus->fd, (struct sockaddr *)&address, sizeof(address)));
	at = line + 1 + strlen(line + 1);
	for (int i = 0; i < len; i++)
		at += sprintf(at, "%02x", uid[i]);
	at += sprintf(at, "\r\n");
	CHECK(write(bus->fd, line, at - line));
	if (CHECK(read(bus->fd, line, sizeof(line))) < 2 || strncmp(line, "OK", 2))
		fail("the bus's authentication");
	CHECK(write(bus->fd, "BEGIN\r\n", 7));
	bus_ask_bus(bus, "Hello", NULL);
}

static void write_text(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	if (!file || fputs(text, file) < 0 || fclose(file))
		fail(path);
}

/* Starts a bus of its own in the current folder. */
static void start_bus(void)
{
	char folder[256], text[1024];

	if (!getcwd(folder, sizeof(folder)))
		fail("getcwd");
	CHECK(mkdir("services", 0755));
	snprintf(text, sizeof(text),
		 "<busconfig><type>session</type><listen>unix:path=%s/" BUS_SOCKET "</listen><auth>EXTERNAL</auth>"
		 "<servicedir>%s/services</servicedir><policy context=\"default\"><allow send_destination=\"*\"/><allow "
		 "receive_sender=\"*\"/>"
		 "<allow own=\"*\"/></policy></busconfig>",
		 folder, folder);
	write_text("bus.conf", text);
	if (CHECK(fork()) == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		execlp("dbus-daemon", "dbus-daemon", "--nofork", "--nopidfile", "--config-file=bus.conf", NULL);
		fail("dbus-daemon");
	}
	await(BUS_SOCKET);
	doze(50000);
}

#endif
