/* One IMAP session: types and functions shared in this folder.
   SPDX-License-Identifier: ISC */

#ifndef IMAP_IMAP_H
#define IMAP_IMAP_H

#include "session/client.h"

struct arg;
struct conf;
struct imap_cmd;
struct imapparse;
struct io;
struct pool;
struct reply;
struct sess;
struct str;
struct vflags;

#define IMAP_ERRORS_MAX	10	/* consecutive ones end the session */

struct imap {
	const struct conf *conf;
	struct sess	*sess;
	struct io	*io;
	struct imapparse *parse;
	int		rfd;		/* polled while waiting */
	const char	*ip;		/* of the client, for logs */
	const char	*port;
	struct client_sums sums;	/* for the last line */
	u32		enabled;	/* ENABLE bits of ext.h */
	int		errors;		/* consecutive */
	int		by_uid;		/* a UID command runs: FETCH lines
					   must name the UID (RFC 3501 6.4.8) */
	enum client_end	end;
};

/* ---- loop.c ------------------------------------------------------------- */

/* conf, sess and io are borrowed. rfd is the stream's descriptor. */
struct imap *imap_new(const struct conf *, struct sess *, struct io *,
	    int rfd, const char *ip, const char *port);
void	imap_free(struct imap **);

/* Serves commands until the end, whose reason it returns; flushes. */
enum client_end imap_run(struct imap *);

/* Says BYE and ends the session. */
void	imap_bye(struct imap *, enum client_end, const char *text);

/* The stream failed with this code: BYE where the client may still read it, and
   the end of the session. */
void	imap_stream_gone(struct imap *, int err);

/* Sets the stream's deadline for the next piece of output. */
void	imap_out(struct imap *);

/* ---- sync.c ------------------------------------------------------------- */

extern const struct front imap_front;

/* Looks at the folder and tells the client; BYE if it is another folder. */
void	imap_sync(struct imap *, int poll, int may_renumber);

/* "(\Seen ... kw)" in Courier's order. */
void	imap_put_flags(struct io *, const struct vflags *);

/* "* n FETCH (FLAGS (...))", with the UID if by_uid. */
void	imap_put_fetch_flags(struct imap *, u32 seq, u32 uid,
	    const struct vflags *);

/* The FLAGS and PERMANENTFLAGS lines of the selected mailbox. */
void	imap_put_flag_lines(struct imap *);

/* "* OK [MYRIGHTS "..."] ACL": the user's rights on the selected mailbox. */
void	imap_put_rights(struct imap *);

/* ---- capa.c ------------------------------------------------------------- */

/* Appends the words of CAPABILITY; with `complain` those that the configuration
   names and we do not have are logged. TRUE if the word is among them. */
void	imap_capabilities(const struct imap *, int complain, struct str *out);
int	imap_capable(const struct imap *, const char *word);

/* ---- cmd_sort.c --------------------------------------------------------- */

/* TRUE if IMAP_DISABLETHREADSORT is set, with the reply. */
int	imap_thread_sort_off(struct imap *, struct reply *);

/* The charset argument of SORT and THREAD: E_SYNTAX; E_CHARSET: another one
   than UTF-8 after ENABLE UTF8=ACCEPT. imap_sort_failed answers that and all
   else. */
int	imap_sort_charset(struct imap *, struct arg **pos, const char **out);
void	imap_sort_failed(struct imap *, struct reply *, int err);

/* ---- names.c ------------------------------------------------------------ */

/*
 * Takes a mailbox argument: *out_name is UTF-8, *out_shown what the client
 * wrote. Fills the reply on failure and returns E_*: no mailbox (BAD Invalid
 * command), not decodable (BAD), not valid (NO, text `invalid`).
 */
int	imap_mailbox_arg(struct imap *, struct imap_cmd *, struct reply *,
	    struct arg **pos, const char *invalid, char **out_name,
	    const char **out_shown);

/* The same for the name of a new mailbox: it must be spelled as LIST will say
   it, without shifts in and out of base64 that are not needed (RFC 3501
   5.1.3). */
int	imap_new_arg(struct imap *, struct imap_cmd *, struct reply *,
	    struct arg **pos, const char *invalid, char **out_name,
	    const char **out_shown);

/* The same for commands that need a mailbox that is there: what cannot be
   decoded is answered as what is not valid. */
int	imap_existing_arg(struct imap *, struct imap_cmd *, struct reply *,
	    struct arg **pos, const char *invalid, char **out_name,
	    const char **out_shown);

/* "Access denied for CMD on NAME (ACL "r" required)" */
void	imap_denied(struct reply *, const char *cmd, const char *shown,
	    const char *right);

#endif
