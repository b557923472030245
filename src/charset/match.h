/* Substring search in a stream of text.  SPDX-License-Identifier: ISC */

#ifndef CHARSET_MATCH_H
#define CHARSET_MATCH_H

struct match;

/*
 * Needle and text are compared in lower case, each run of white space (line
 * ends too) as one space; the needle is trimmed. Time is linear in the text.
 * The empty needle matches every text that was begun.
 */
struct match *match_new(const char *utf8, size_t n);
void	match_free(struct match **);

/* A new, separate text: a match never spans two of them. */
void	match_begin(struct match *);

/* The next bytes of UTF-8, cut anywhere. Returns TRUE once it was found. */
int	match_feed(struct match *, const char *utf8, size_t n);

/* TRUE if any text since match_new or match_reset held the needle. */
int	match_found(const struct match *);
void	match_reset(struct match *);

/* begin, feed, and whether this one text matched. */
int	match_text(struct match *, const char *utf8, size_t n);

#endif
