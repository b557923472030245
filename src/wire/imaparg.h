/* Arguments of an IMAP command.  SPDX-License-Identifier: ISC */

#ifndef WIRE_IMAPARG_H
#define WIRE_IMAPARG_H

/*
 * The argument tree. All of it lives in the command's pool. `s` of atoms and
 * strings is terminated and holds no other NUL, so that it may be used as a C
 * string; the parser refuses NUL everywhere (RFC 3501 section 9, CHAR8).
 */
enum arg_type {
	ARG_ATOM,		/* s: atom, number, flag ("\Seen") or set */
	ARG_QUOTED,		/* s: without quotes and escapes */
	ARG_LITERAL,		/* s: a short literal, already read */
	ARG_NIL,		/* s: the word as it was spelled */
	ARG_LIST,		/* list: members of ( ) */
	ARG_SECTION,		/* list: members of [ ], IMAPPARSE_SECTION only */
	ARG_STREAM		/* size: a literal that is still in the stream */
};

struct arg {
	struct arg	*next;		/* sibling, NULL at the end */
	struct arg	*list;
	enum arg_type	type;
	int		glued;		/* no space before it */
	int		literal8;	/* ~{n} */
	char		*s;
	size_t		len;
	u64		size;
};

/*
 * Getters take the argument at *pos, check its type and move *pos on. E_OK,
 * or E_SYNTAX (missing or of another type): *pos is then as before.
 */
int	arg_atom(struct arg **pos, const char **out);

/* astring = 1*ASTRING-CHAR / string; NIL counts as a word. */
int	arg_astring(struct arg **pos, const char **out, size_t *out_len);

/* The same, but NIL is refused: mailbox names (imap-wire.md 2). */
int	arg_mailbox(struct arg **pos, const char **out, size_t *out_len);

/* string = quoted / literal */
int	arg_string(struct arg **pos, const char **out, size_t *out_len);

/* nstring = string / nil; *out is NULL for NIL. */
int	arg_nstring(struct arg **pos, const char **out, size_t *out_len);

/* number = 1*DIGIT, as atom; E_SYNTAX also if it does not fit. */
int	arg_u64(struct arg **pos, u64 *out);

/* TRUE if it is an atom of this name, without regard to case. */
int	arg_is(const struct arg *, const char *word);

#endif
