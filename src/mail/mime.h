/* The part tree of a message.  SPDX-License-Identifier: ISC */

#ifndef MAIL_MIME_H
#define MAIL_MIME_H

#include "mail/ctype.h"
#include "mail/envelope.h"

struct pool;
struct mime_parser;

#define MIME_DEPTH_MAX	50		/* deeper parts are leaves */
#define MIME_PARTS_MAX	10000		/* later parts are not opened */
#define MIME_HEADER_MAX	(1024UL * 1024)	/* bytes looked at in one header */
#define MIME_HDRS_MAX	(16UL * 1024 * 1024)	/* in all of them */
#define MIME_POOL_MAX	(32UL * 1024 * 1024)	/* of memory; with more in use
					   no header is looked at */

enum mime_kind {
	MIME_LEAF,
	MIME_MULTIPART,			/* has children */
	MIME_MESSAGE			/* message/rfc822: one child, the root
					   of the embedded message */
};

/*
 * A span of stored bytes: `start` and `end` are offsets in the file, `size`
 * what it has on the wire, each bare LF counted as CRLF, `lines` its LFs.
 */
struct mime_span {
	u64	start;
	u64	end;
	u64	size;
	u64	lines;
};

/*
 * `header` includes the blank line; `body` is without the line end before the
 * next boundary. A multipart without any boundary line is a leaf of that type.
 */
struct mime_part {
	struct mime_part *parent;
	struct mime_part *next;		/* sibling */
	struct mime_part *child;	/* first of a multipart, or message */
	struct mime_part *last;		/* last child */
	enum mime_kind	kind;
	u32		number;		/* among siblings, from 1 */
	u32		depth;
	u32		nchild;
	int		is_root;	/* of a message, embedded or not */
	struct mime_span header;
	struct mime_span body;
	struct ctype	ct;
	struct envelope	env;		/* set only if is_root */
};

/*
 * Parsing never fails on what a message holds. All memory of the tree is in
 * the pool. Time is linear in the message. Feed the stored bytes in pieces of
 * any size, then finish; mime_finish frees the parser.
 */
struct mime_parser *mime_new(struct pool *);
void	mime_feed(struct mime_parser *, const char *, size_t n);
struct mime_part *mime_finish(struct mime_parser **);

/* Whole messages. mime_parse_fd reads from the descriptor's start (pread) and
   returns E_TEMP for read errors. */
struct mime_part *mime_parse_mem(struct pool *, const char *, size_t n);
int	mime_parse_fd(struct pool *, int fd, struct mime_part **out_root);

/* Of a root: header and body together, the size being RFC822.SIZE. */
void	mime_whole(const struct mime_part *root, struct mime_span *out);

/* ---- mime_walk.c -------------------------------------------------------- */

enum mime_what {
	MIME_ALL,			/* [], [n]: message, or body of a part */
	MIME_HEADER,			/* also HEADER.FIELDS and .NOT */
	MIME_TEXT,
	MIME_MIME
};

/*
 * Finds the part that the numbers name (RFC 3501 6.4.5): through multiparts
 * and embedded messages; 1 (and 1.1 ...) of a message that is not multipart is
 * the message's own body. NULL if there is no such part.
 */
struct mime_part *mime_find(struct mime_part *root, const u32 *path,
	    size_t n);

/*
 * The span of a section. E_NOENT: there is no such part (send an empty
 * literal). For MIME_MIME the span is the part's whole header: choose its
 * Content-* and MIME-Version fields.
 */
int	mime_section(struct mime_part *root, const u32 *path, size_t n,
	    enum mime_what what, struct mime_span *out);

/* Next part in message order, parents first; NULL at the end. Start: root. */
struct mime_part *mime_walk(struct mime_part *);

#endif
