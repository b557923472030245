/* The messages of a POP3 session, as they were at login.
   SPDX-License-Identifier: ISC */

#ifndef POP3_SNAPSHOT_H
#define POP3_SNAPSHOT_H

struct drop;
struct maildir;
struct str;

enum {				/* state of a message */
	MSG_8BIT = 1,		/* bytes beyond ASCII in a header */
	MSG_GONE = 2,		/* DELE */
	MSG_BARE = 4,		/* its name had no ':' when it was sorted */
	MSG_TAKEN = 8,		/* while file names and list are compared */
	MSG_UNSAVED = 16,	/* its number is in no list */
	MSG_FOUND = 32		/* while names are looked for again */
};

/* One message, or one line of the list: 40 bytes and its name. */
struct pop3_msg {
	char	*name;		/* in cur/; owned by the array's owner */
	u64	size;		/* octets as RETR sends them */
	u64	n, list;	/* maildir.md 8.2 */
	u8	state;		/* MSG_* */
};

/*
 * Message number i + 1 is v[i], in Courier's order, for the whole session:
 * nothing that happens to the maildir changes the array but for names.
 */
struct inbox {
	struct maildir	*md;
	struct drop	*drop;
	struct pop3_msg	*v;
	size_t		n, size;
	u64		next, list;	/* of the next message that comes */
	int		renamed;	/* a name got a ':' since the list was
					   written */
};

/*
 * Takes it, with courierpop3dsizelist: messages that it knows are not opened.
 * user is for log lines. E_NOENT, E_PERM, E_TEMP: there is no cur/ to read.
 */
int	inbox_take(struct inbox *, struct maildir *, const char *user);

/* What a session leaves: the list is written if names in it are no more
   known to Courier, and the quota told. */
void	inbox_free(struct inbox *, const char *user);

/* Opens a message's file, which may have another name by now, or have been
   removed by another session of ours. E_EXPUNGED, E_PERM, E_TEMP. */
int	inbox_open(struct inbox *, struct pop3_msg *, int *out_fd);

/* It was read: \Seen. Failure means nothing. */
void	inbox_seen(struct inbox *, struct pop3_msg *);

/* Removes the files of all that are MSG_GONE; calls the function with the name
   of each. Returns how many could not be removed. */
typedef void inbox_gone_fn(void *ctx, const char *name);
size_t	inbox_remove(struct inbox *, inbox_gone_fn *, void *ctx);

/* Appends the unique-id. */
void	inbox_uidl(struct inbox *, struct pop3_msg *, struct str *out);

/*
 * What a file will be as RETR sends it: octets without dot-stuffing, and
 * (unless NULL) whether there are bytes beyond ASCII in its header or in that
 * of a part. E_TEMP.
 */
int	inbox_measure(int fd, u64 *out_size, int *out_8bit);

#endif
