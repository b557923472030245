/* Reading SMAP1 commands (imap-wire.md 14).  SPDX-License-Identifier: ISC */

#ifndef WIRE_SMAPLINE_H
#define WIRE_SMAPLINE_H

struct io;
struct pool;

#define SMAPLINE_MAX	65536UL		/* bytes of one line */

/* A command: its words, and which is looked at next. */
struct smapline {
	const char	**word;		/* in the pool */
	size_t		n;
	size_t		pos;
};

/*
 * Reads a line and cuts it into words. E_TOOBIG: longer than SMAPLINE_MAX,
 * E_SYNTAX: a NUL in it; the line is gone then. E_EOF, E_TIMEOUT, E_TEMP: the
 * stream.
 */
int	smapline_read(struct io *, struct pool *, struct smapline *out);

/* The next word, NULL at the end; _peek does not take it. */
const char *smapline_next(struct smapline *);
const char *smapline_peek(const struct smapline *);

/* Takes the next word if it is this one, in any case. */
int	smapline_take(struct smapline *, const char *word);

/* What follows NAME= in the word, NULL if it is another. */
const char *smapline_value(const char *word, const char *name);

/* A word of a message set: "n" or "a-b". FALSE if it is none. */
int	smapline_range(const char *word, u32 *out_lo, u32 *out_hi);

struct smap_upload {
	int		dotted;		/* lines up to "." */
	u64		n;		/* dotted: a hint; else octets to come */
};

/* "{.size}" or "{n/total}". FALSE if the word is neither. */
int	smapline_upload(const char *word, struct smap_upload *out);

/*
 * The size of the next chunk, in a line of its own; *out is 0 for a line that
 * is no number, which ends the upload. E_TOOBIG, or an error of the stream.
 */
int	smapline_chunk(struct io *, u64 *out);

/* Receives what an upload brings. */
typedef void smapline_sink(void *ctx, const char *, size_t);

/* Takes n octets; or lines up to "." with one leading dot removed. Errors of
   the stream. */
int	smapline_octets(struct io *, u64 n, smapline_sink *, void *ctx);
int	smapline_dots(struct io *, smapline_sink *, void *ctx);

#endif
