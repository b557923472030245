/* The parser's members, for this folder only.  SPDX-License-Identifier: ISC */

#ifndef WIRE_IMAPPARSE_INT_H
#define WIRE_IMAPPARSE_INT_H

#include "base/str.h"

#include "wire/imapparse.h"

enum { PENDING_NONE, PENDING_SYNC, PENDING_NONSYNC };

struct imapparse {
	struct io	*io;
	struct pool	*pool;
	struct str	tok;		/* bytes of the token being read */
	u64		nonsync_max;
	size_t		total;		/* bytes of arguments so far */
	u32		nargs;
	int		flags;
	int		line_done;	/* the command's LF has been taken */
	int		open;		/* lists around the literal in the
					   stream */
	int		pending;	/* a literal announced, not yet read */
	u64		pending_size;
	char		tag[IMAPPARSE_TAG_MAX + 1];
	char		name[IMAPPARSE_NAME_MAX + 1];
};

/* TRUE for ATOM-CHAR; list wildcards, "]" and "~" are let through. */
int	lex_is_atom(int c, int flags);

/* Skips blanks and CRs. Returns the next byte, not taken, or E_*. */
int	lex_skip_space(struct imapparse *, int *out_skipped);

/* Appends atom characters to p->tok up to max bytes. */
int	lex_atom(struct imapparse *, size_t max);

/* The text behind the opening quote, up to and with the closing one. */
int	lex_quoted(struct imapparse *);

/* "{" was taken: reads the rest and the line end. */
int	lex_literal_head(struct imapparse *, u64 *out_size, int *out_nonsync);

#endif
