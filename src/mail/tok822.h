/* RFC 5322 tokens.  SPDX-License-Identifier: ISC */

#ifndef MAIL_TOK822_H
#define MAIL_TOK822_H

struct str;

enum tok822_type {
	TOK_END,
	TOK_ATOM,		/* text: the atom; 8-bit bytes are atom text */
	TOK_QUOTED,		/* text: contents without quotes, unescaped */
	TOK_COMMENT,		/* text: contents, nested ones kept, unescaped */
	TOK_LITERAL,		/* [...]: text with the brackets */
	TOK_SPECIAL		/* ch: one of <>@,;:.=/ and the like */
};

/* Tolerant: an open quote, comment or literal ends with the input. */
struct tok822 {
	const char	*s;		/* the rest of the input */
	size_t		n;
	const char	*specials;	/* bytes that are tokens of their own */
	int		space;		/* white space preceded this token */
	int		ch;
	struct str	*text;		/* of the current token */
};

#define TOK822_ADDR	"<>@,;:."
#define TOK822_MIME	"/;=,"		/* other tspecials are let through */

/* Begins at n bytes of text; `text` is the caller's and gets each token's text.
   tok822_next moves on and returns the type, TOK_END at the end. */
void	tok822_init(struct tok822 *, const char *, size_t n,
	    const char *specials, struct str *text);
enum tok822_type tok822_next(struct tok822 *);

#endif
