/* The logged-in user.  SPDX-License-Identifier: ISC */

#ifndef SESSION_SESS_H
#define SESSION_SESS_H

struct conf;
struct io;
struct maildir;
struct map;
struct ns_tree;
struct ns_trees;
struct pool;
struct sess;
struct view;
struct vflags;

/*
 * What a front end (IMAP, SMAP) is told. The session never writes to the
 * client: view_sync calls these in the order of imap-wire.md 9.2. Positional,
 * new members last; NULL members are not called.
 */
struct front {
	/* Message `seq` (numbering at this moment) has gone; the numbers of
	   all behind it fall by one. */
	void	(*gone)(struct sess *, u32 seq, u32 uid);
	/* Keywords came into use (grown) or ceased (!grown): say FLAGS and
	   PERMANENTFLAGS again from view_keywords. */
	void	(*keywords)(struct sess *, int grown);
	/* The number of messages changed. */
	void	(*exists)(struct sess *, u32 n, u32 recent);
	/* Flags or keywords of a message that the client knows changed. */
	void	(*flags)(struct sess *, u32 seq, u32 uid,
		    const struct vflags *);
	/* Long work (search, copy) goes on: E_OK, or an error that ends it
	   because the client has gone. */
	int	(*idle_wait)(struct sess *);
	/* The session must end; text is for the client. */
	void	(*bye)(struct sess *, const char *text);
	/* The user's rights on the selected mailbox are others now. */
	void	(*rights)(struct sess *, u32 before);
};

/* IMAP_FOLDER_NAMES: how directory names are read (ns.h). */
enum { SESS_NAMES_AUTO, SESS_NAMES_UTF8, SESS_NAMES_UTF7 };

/* Members may be read by all; set by main and the front end at the start. */
struct sess {
	const struct conf *conf;	/* borrowed */
	struct io	*io;		/* borrowed: APPEND reads from it */
	struct pool	*pool;		/* life of the session */
	const char	*user;		/* login name, for logs and rights */
	const char	*home;		/* path of the maildir */
	const struct front *front;
	void		*front_ctx;	/* the front end's own state */
	struct view	*view;		/* selected mailbox or NULL */
	struct maildir	*md;		/* the user's own */
	const struct ns_tree *own;	/* its names */
	struct ns_trees	*trees;		/* those of others */
	int		utf8;		/* UTF8=ACCEPT was enabled */
	int		names;		/* SESS_NAMES_*: folders on disk */
	int		keywords;	/* IMAP_KEYWORDS: 0 is off */
	int		check_all;	/* IMAP_CHECK_ALL_FOLDERS */
	const char	*trash;		/* IMAP_TRASHFOLDERNAME, on disk */
	int		move_to_trash;	/* IMAP_MOVE_EXPUNGE_TO_TRASH */
	int		log_deletions;	/* IMAP_LOG_DELETIONS */
	const char	*peer;		/* "ip=[...], port=[...]", for logs */
	int		bye;		/* front->bye was called */
	const char	*identifier;	/* "user=" and user, in access lists */
	const char	*options;	/* OPTIONS of the account (conf/options.h) */
	struct map	*rights;	/* those of rights.c that are known */
};

/*
 * Makes a session on the maildir at `home` (copied; "." is the process's
 * directory). Nothing on disk is touched. The caller owns it and conf and io.
 * conf may be NULL: then all has its default.
 */
struct sess *sess_new(const struct conf *, struct io *, const char *user,
	    const char *home);
void	sess_set_front(struct sess *, const struct front *, void *ctx);

/* Closes the view, without expunging, and frees. */
void	sess_free(struct sess **);

/* front->idle_wait, or E_OK without one: after so many messages that were
   looked into. */
#define SESS_PULSE_EVERY	64
int	sess_pulse(struct sess *);

#endif
