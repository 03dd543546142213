/* SPDX-License-Identifier: GPL-2.0 */
/* Messages over a D-Bus daemon, by their headers (D-Bus specification, "Message Format"). A bus reads the requests of many
 * connections before it passes on the first, so what it read last does not tell for whom it writes. But it passes on serials,
 * adds the name of the sender, and writes each message in a call of its own. All of this is memory of other programs: each
 * read is bounded, and what does not look like a header is none. */
#ifndef EBTOP_FOLLOW_MESSAGE_BPF_H
#define EBTOP_FOLLOW_MESSAGE_BPF_H

#include "follow-stream.bpf.h"

#define BUS_LITTLE_ENDIAN 'l'
#define BUS_TYPES 4
#define BUS_PROTOCOL 1
#define BUS_FIELDS_MAX 12
#define BUS_FIELDS_LEN_MAX 4096
#define BUS_FIELD_REPLY_SERIAL 5
#define BUS_FIELD_DESTINATION 6
#define BUS_FIELD_SENDER 7
#define BUS_ITSELF 1 /* instead of a hash: only the bus has a name that is not unique */

struct bus_header {
	__u8 endian;
	__u8 type;
	__u8 flags;
	__u8 protocol;
	__u32 body_len;
	__u32 serial;
	__u32 fields_len;
};

/* The beginning of a field; each begins at a multiple of 8. */
struct bus_field {
	__u8 code;
	__u8 signature_len;
	__u8 signature;
	__u8 zero;
	__u32 value; /* a number, or the length of a text */
};

/* `other`: for a name that is not unique. */
static __always_inline __u32 hash_of_name(__u64 address, __u32 other)
{
	__u64 words[2] = {};

	if (bpf_probe_read_user_str(words, sizeof(words), (void *)address) < 2)
		return 0;
	if ((__u8)words[0] != ':')
		return other;
	return (__u32)follow_hash(words[0], words[1]) | 1;
}

/* The bytes from the field's beginning to its end; 0: it is of no type that a header has. */
static __always_inline __u64 length_of_field(struct bus_field *field)
{
	if (field->signature_len != 1)
		return 0;
	switch (field->signature) {
	case 'u':
		return sizeof(*field);
	case 's':
	case 'o':
		return sizeof(*field) + (__u64)field->value + 1;
	case 'g':
		return 4 + 1 + (field->value & 0xff) + 1;
	default:
		return 0;
	}
}

static __always_inline bool looks_like_header(struct bus_header *header)
{
	return header->endian == BUS_LITTLE_ENDIAN && header->type && header->type <= BUS_TYPES &&
	       header->protocol == BUS_PROTOCOL && header->serial && header->fields_len <= BUS_FIELDS_LEN_MAX;
}

/* Reads the header of the message that begins where the call's bytes begin. */
__weak __noinline int read_message(struct follow_end *end)
{
	struct bus_header header;
	struct bus_field field;
	__u64 at, after, len, buffer[2];

	if (!end || end->is_tcp || !end->sk || end->message.serial)
		return 0;
	buffer[0] = end->buffer;
	if (end->is_vector && (bpf_probe_read_user(buffer, sizeof(buffer), (void *)end->buffer) || buffer[1] < sizeof(header)))
		return 0;
	at = buffer[0];
	if (bpf_probe_read_user(&header, sizeof(header), (void *)at) || !looks_like_header(&header))
		return 0;
	at += sizeof(header);
	after = at + header.fields_len;
	for (int i = 0; i < BUS_FIELDS_MAX && at + sizeof(field) <= after; i++) {
		if (bpf_probe_read_user(&field, sizeof(field), (void *)at))
			return 0;
		len = length_of_field(&field);
		if (!len || len > after - at)
			return 0;
		if (field.code == BUS_FIELD_REPLY_SERIAL && field.signature == 'u')
			end->message.reply_serial = field.value;
		else if (field.code == BUS_FIELD_DESTINATION && field.signature == 's')
			end->message.destination = hash_of_name(at + sizeof(field), 0);
		else if (field.code == BUS_FIELD_SENDER && field.signature == 's')
			end->message.sender = hash_of_name(at + sizeof(field), BUS_ITSELF);
		at += (len + 7) & ~7ull;
	}
	end->message.serial = header.serial;
	return 0;
}

/* Equal for what a client writes and what the bus passes on; perhaps also for a message of another client. */
static __always_inline __u64 key_of_message(struct bus_message *message)
{
	return follow_hash((__u64)message->serial << 32 | message->reply_serial, message->destination) | 1;
}

/* The command, or a process that may work for it, writes the message. */
static __always_inline void note_message(struct follow_end *end)
{
	__u64 key;

	read_message(end);
	key = key_of_message(&end->message);
	if (end->message.serial && !find_stream(key, 0))
		make_stream(key, 0, true, 0);
}

/* Whether the bus passes on a message that was noted, perhaps. Its receiver is then followed. */
static __always_inline bool is_noted(struct follow_end *end)
{
	return find_stream(key_of_message(&end->message), 0) != NULL;
}

/* A message to one receiver is passed on once. */
static __always_inline void forget_message(struct follow_end *end)
{
	__u64 key = key_of_message(&end->message);

	if (end->message.destination && is_known_stream(key))
		remove_kept(&follow_streams, &key, TABLE_FOLLOW_STREAM);
}

#endif
