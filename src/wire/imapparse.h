/* Reading IMAP commands.  SPDX-License-Identifier: ISC */

#ifndef WIRE_IMAPPARSE_H
#define WIRE_IMAPPARSE_H

#include "wire/imaparg.h"

struct imapparse;
struct io;
struct pool;
struct str;

/*
 * Limits of one command, in bytes unless said otherwise. Over one of them the
 * command gets BAD (E_TOOBIG), the rest of it is read and dropped. A literal
 * that is too long to be dropped ends the session (E_INVAL: say BYE).
 */
#define IMAPPARSE_TAG_MAX	1024
#define IMAPPARSE_NAME_MAX	64
#define IMAPPARSE_ATOM_MAX	65536UL
#define IMAPPARSE_QUOTED_MAX	8192
#define IMAPPARSE_LITERAL_MAX	8192	/* those that become arguments */
#define IMAPPARSE_CMD_MAX	(1024UL * 1024)	/* all arguments together */
#define IMAPPARSE_ARGS_MAX	20000	/* arguments, list members included */
#define IMAPPARSE_DEPTH_MAX	50	/* nested lists */
#define IMAPPARSE_SKIP_MAX	(128UL * 1024 * 1024)	/* dropped {n+} */
#define IMAPPARSE_LITERAL_MINUS	4096	/* RFC 7888 5: LITERAL- */

/* A reader of commands on a stream, which stays the caller's. */
struct imapparse *imapparse_new(struct io *);
void	imapparse_free(struct imapparse **);

/* The command's memory: emptied by imapparse_begin. */
struct pool *imapparse_pool(struct imapparse *);

/* Non-synchronising literals longer than this are refused; U64_MAX: none. */
void	imapparse_set_nonsync_max(struct imapparse *, u64);

/*
 *   command = tag SP (command-any / ...) CRLF
 *
 * imapparse_begin reads tag and name. E_OK; E_SYNTAX, E_TOOBIG: malformed
 * (answer with imapparse_tag, then imapparse_end); E_EOF, E_TIMEOUT, E_TEMP:
 * the stream. The caller sets the stream's deadline.
 */
int	imapparse_begin(struct imapparse *);

/* "*" while no tag could be read. */
const char *imapparse_tag(const struct imapparse *);
const char *imapparse_name(const struct imapparse *);	/* "" if none */

/* The next atom as the command's name: what follows "UID". E_SYNTAX. */
int	imapparse_subname(struct imapparse *);

enum {
	IMAPPARSE_SECTION = 1,	/* FETCH: [ ] in and after atoms are a
				   section, not text */
	IMAPPARSE_STREAM = 2,	/* APPEND: a literal after the first argument,
				   or ~{n} first in a list, stays in the stream
				   and ends the parsing */
	IMAPPARSE_FLAT = 4	/* LOGIN: ( ) are text, as in the passwords of
				   clients that do not quote them */
};

/*
 * Reads the arguments up to the end of the line, NULL for none; asks for
 * literals with "+ OK" (RFC 3501 7.5). After an ARG_STREAM the caller goes on:
 * imapparse_accept tells the client to send it (nothing to say for {n+}); the
 * caller takes exactly `size` octets from the stream and reads what follows by
 * imapparse_args again, which closes the list that the literal was in. To refuse it he just calls imapparse_end.
 */
int	imapparse_args(struct imapparse *, int flags, struct arg **out);
int	imapparse_accept(struct imapparse *);

/*
 * Drops what is left of the command, non-synchronising literals included. To
 * be called after every command, before or after its answer. E_OK; E_INVAL: it
 * is too long, end the session; or an error of the stream.
 */
int	imapparse_end(struct imapparse *);

/* One line outside of commands (SASL, DONE), without its line end. E_TOOBIG:
   over max, the rest was dropped. */
int	imapparse_line(struct imapparse *, size_t max, struct str *out);

#endif
