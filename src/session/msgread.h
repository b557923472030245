/* Reading a message.  SPDX-License-Identifier: ISC */

#ifndef SESSION_MSGREAD_H
#define SESSION_MSGREAD_H

#include "mail/mime.h"

struct msg;
struct str;
struct view;

/*
 * An open message. Bytes are fetched from the file only as far as an answer
 * needs them: nothing for flags, the header for ENVELOPE, all of it for a
 * structure. The view keeps the last message that was open with its part
 * tree, so that a client that fetches one in pieces does not parse it again.
 * Sizes and offsets named `wire` count each line end as CRLF.
 */

/* E_EXPUNGED: it has gone for good. E_TEMP. */
int	msgread_open(struct view *, u32 seq, struct msg **out);
void	msgread_close(struct msg **);

/* Length of the file: RFC822.SIZE is between it and twice as much. */
u64	msgread_stored_size(const struct msg *);

/* RFC822.SIZE. */
int	msgread_size(struct msg *, u64 *out);

/* The part tree; owned by the message. */
int	msgread_tree(struct msg *, struct mime_part **out_root);

/* The message's own header, with its blank line, as stored. */
int	msgread_header(struct msg *, const char **out, size_t *out_len);

/* ENVELOPE data; reads the header only. */
int	msgread_envelope(struct msg *, struct envelope **out);

/*
 * The span of BODY[path.what]: E_NOENT for a part that is not there (send
 * an empty literal). Without a path nothing is parsed. For MIME_HEADER with
 * field names and for MIME_MIME use msgread_fields on the span.
 */
int	msgread_section(struct msg *, const u32 *path, size_t n,
	    enum mime_what, struct mime_span *out);

/* Receives bytes of a span; its error ends the sending. */
typedef int msg_sink_fn(void *ctx, const char *, size_t);

/* Octets that start and len (wire octets; len U64_MAX: to the end) leave of
   something `size` octets long. */
u64	msgread_partial(u64 size, u64 start, u64 len);

/*
 * Sends exactly that many octets of the span, CRLF line ends, to the sink. If
 * the file has shrunk since, the rest is filled with blanks so that the
 * literal keeps its length, and E_TEMP is returned.
 */
int	msgread_send(struct msg *, const struct mime_span *, u64 start,
	    u64 octets, msg_sink_fn *, void *ctx);

/* Which fields of a header; names without the colon. */
struct msg_fields {
	const char *const *names;
	size_t		n;
	int		not;		/* all but these */
	int		mime;		/* Content-* and MIME-Version too */
};

/*
 * Sends those fields of the header span to the sink as they stand, but with
 * CRLF, and a blank line (RFC 3501 6.4.5). A line that is no field is one of
 * those that are not named. How much that is, is known only afterwards: the
 * same call gives the same bytes again. E_TEMP, or what the sink says.
 */
int	msgread_fields(struct msg *, const struct mime_span *,
	    const struct msg_fields *, msg_sink_fn *, void *ctx);

/* Stored bytes from file offset start to end, piece by piece, line ends as
   they are. */
int	msgread_raw(struct msg *, u64 start, u64 end, msg_sink_fn *,
	    void *ctx);

#endif
