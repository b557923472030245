/* Receiving a message: APPEND.  SPDX-License-Identifier: ISC */

#ifndef SESSION_APPEND_H
#define SESSION_APPEND_H

struct io;
struct outbox_mail;
struct sess;
struct append;
struct str;

/*
 * append_open before the continuation goes out, append_literal (or append_begin
 * to append_end) once per message, then append_commit. E_INVAL (name), E_NOENT (TRYCREATE), E_PERM
 * (right i, or the target is selected read-only: see append_readonly),
 * E_NOSPACE, E_TEMP.
 */
int	append_open(struct sess *, const char *name, struct append **out);

struct append_opts {
	u32		sys;		/* VF_STORED bits; rights are applied */
	size_t		nkw;
	const char *const *kw;
	int		utf8;		/* sent as one with UTF-8 in its header;
					   for the caller */
	int		has_date;
	i64		date;		/* INTERNALDATE, seconds since 1970 */
};

/*
 * Takes exactly `size` octets from the stream, also when storing fails, so
 * that the command can be answered; E_TIMEOUT and E_EOF of the stream come
 * back at once. Each CR is dropped and a last LF added (maildir.md 1.2).
 * E_QUOTA, E_NOSPACE, E_TEMP, E_INVAL (keyword).
 */
int	append_literal(struct append *, struct io *, u64 size,
	    const struct append_opts *);

/*
 * The same in pieces of any size, for a client that does not tell the size at
 * first. Each CR is dropped. Errors stick until append_end tells them.
 */
void	append_begin(struct append *, const struct append_opts *);
void	append_data(struct append *, const char *, size_t n);
int	append_end(struct append *);

/* Gives what has been taken to SENDMAIL for these recipients, whatever the
   mailbox is; the caller then commits or aborts. E_NOTSUP: it was not taken. */
int	append_send(struct append *, const struct outbox_mail *);

/* TRUE if the last header had bytes over 0x7f (the Unicode alert). */
int	append_has_8bit(const struct append *);

/*
 * Gives all messages their UIDs: they are on disk when this returns E_OK
 * (DECISIONS 6). Frees it in any case. On failure nothing stays. E_NOTSUP: for
 * the outbox, but it could not be sent.
 * *out_uid is the first UID; the others follow it. 0 without right r there:
 * who may not select a mailbox learns nothing of it (RFC 4315 3).
 */
int	append_commit(struct append **, u32 *out_uidvalidity, u32 *out_uid);

/* The same for one message; appends the name of its file up to the flags. */
int	append_commit_name(struct append **, struct str *out);

/* Forgets everything. NULL is fine. */
void	append_abort(struct append **);

#endif
