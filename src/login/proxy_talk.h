/* The dialogue with a back end.  SPDX-License-Identifier: ISC */

#ifndef LOGIN_PROXY_TALK_H
#define LOGIN_PROXY_TALK_H

#include "base/str.h"
#include "base/wall.h"

struct io;
struct proxy;

#define PROXY_LINES_MAX	1000	/* before an answer */

struct proxy_talk {
	const struct proxy *p;
	struct wall	wall;		/* to the connector */
	const char	*host;		/* as the account has it */
	struct io	*io;
	int		fd;
	int		tls;		/* PROXY_TLS_* */
	struct str	line;		/* the last one, cut */
};

/* proxyline.c: reads the next line. E_OK; what else is logged. */
int	proxy_get(struct proxy_talk *);

/* Sends text; shown is what the trace has of it (no passwords). proxy_say
   sends one line, which is no secret. */
int	proxy_put(struct proxy_talk *, const struct str *, const char *shown);
int	proxy_say(struct proxy_talk *, const char *);

/* TRUE if the n-th word (from 0) of the line is that, in any case. */
int	proxy_nth_is(const struct proxy_talk *, int n, const char *word);

/* The functions of the rows in proxytalk.c; proxy_int.h says what they do. */
int	proxy_imap_greeting(struct proxy_talk *);
int	proxy_imap_offers(struct proxy_talk *);
int	proxy_imap_starttls(struct proxy_talk *);
int	proxy_imap_login(struct proxy_talk *);
int	proxy_smap_login(struct proxy_talk *);
int	proxy_pop3_greeting(struct proxy_talk *);
int	proxy_pop3_offers(struct proxy_talk *);
int	proxy_pop3_starttls(struct proxy_talk *);
int	proxy_pop3_login(struct proxy_talk *);

#endif
