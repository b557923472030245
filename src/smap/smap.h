/* One SMAP1 session: types and functions shared in this folder.
   SPDX-License-Identifier: ISC */

#ifndef SMAP_SMAP_H
#define SMAP_SMAP_H

#include "base/str.h"
#include "wire/smapline.h"
#include "wire/smapout.h"
#include "session/client.h"

struct add;
struct conf;
struct mset;
struct pool;
struct sess;
struct vflags;

#define SMAP_TEXT_MAX	8192	/* bytes of a reply */
#define SMAP_KEYWORDS_MAX 200	/* in one list */

struct smap {
	const struct conf *conf;
	struct sess	*sess;
	struct io	*io;
	int		rfd;		/* polled while waiting */
	struct client_sums sums;	/* for the last log line */
	enum client_end	end;
	/* The command at hand. */
	struct pool	*pool;
	struct smapline	line;
	int		ok;		/* +OK or -ERR */
	struct str	text;
	/* What the client was told of the open folder. */
	u32		count;
	u64		told;		/* changes so far */
	struct smapout_set gone;	/* the EXPUNGE line under way */
	u32		gone_n;		/* messages in it */
	struct add	*add;		/* of ADD commands */
	struct snapshot	*snap;		/* after SOPEN */
};

/* ---- loop.c ------------------------------------------------------------- */

/* conf, sess and io are borrowed. rfd is the stream's descriptor. */
struct smap *smap_new(const struct conf *, struct sess *, struct io *,
	    int rfd);
void	smap_free(struct smap **);

/* Serves commands until the end, whose reason it returns; flushes. */
enum client_end smap_run(struct smap *);

/* Says BYE and ends the session. */
void	smap_bye(struct smap *, enum client_end, const char *text);

/* The stream failed with this code: BYE where the client may still read it, and
   the end. */
void	smap_stream_gone(struct smap *, int err);

/* Sets the stream's deadline for the next piece of output. */
void	smap_out(struct smap *);

/* ---- reply.c ------------------------------------------------------------ */

/* What the command's last line says; the loop writes it. */
void	smap_ok(struct smap *, const char *);
void	smap_err(struct smap *, const char *);
void	smap_syntax(struct smap *);

/* -ERR "what: " and the words for E_*. */
void	smap_error(struct smap *, const char *what, int err);

/* -ERR Access denied */
void	smap_denied(struct smap *, const char *right);
void	smap_reply(struct smap *);

/* ---- names.c ------------------------------------------------------------ */

/*
 * Takes the words of a folder up to "" or the end of the line and makes its
 * name: *out in the command's pool, as ns.h has it. E_INVAL: none; E_NOENT:
 * "public" alone, which is no folder, but *out is there for listing; E_TOOBIG.
 */
int	smap_folder(struct smap *, char **out);

/* ---- sets.c ------------------------------------------------------------- */

/* Takes the words of a message set: numbers and ranges, ascending, up to the
   first that is none. E_SYNTAX: not ascending, or there is no word. */
int	smap_set(struct smap *, struct mset **out);

/* ---- flags.c ------------------------------------------------------------ */

/* "SEEN,MARKED" to VF_*; words that are unknown are skipped. */
u32	smap_flags(const char *);

/* "a,b" in the pool. E_INVAL: not possible, E_TOOBIG. */
int	smap_keywords(struct smap *, struct pool *, const char *,
	    const char *const **out, size_t *out_n);

/* FLAGS=...; "KEYWORDS=..." */
void	smap_put_flags(struct smap *, const struct vflags *);
void	smap_put_keywords(struct smap *, const struct vflags *);

/* "* FETCH n" without more. */
void	smap_put_fetch(struct smap *, u32 seq);

/* ---- sync.c ------------------------------------------------------------- */

extern const struct front smap_front;

/* Looks at the disk and tells; BYE if it is another folder. */
void	smap_sync(struct smap *);

/* Of a folder just opened, or closed. */
void	smap_opened(struct smap *);

/* ---- cmd_add.c ---------------------------------------------------------- */

/* Forgets what ADD commands have set. NULL is fine. */
void	smap_add_free(struct add **);

#endif
