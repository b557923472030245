/* Members of a view, for this directory only.  SPDX-License-Identifier: ISC */

#ifndef SESSION_VIEW_INT_H
#define SESSION_VIEW_INT_H

#include "base/vec.h"

#include "maildir/folder.h"

#include "session/view.h"

struct msg;
struct ns_tree;

struct view {
	struct sess	*sess;
	struct folder	*folder;
	const struct ns_tree *tree;	/* it is in */
	struct md_watch	*watch;		/* made when first asked for */
	struct msg	*last;		/* kept open by msgread */
	char		*name;
	int		readonly;
	u32		rights;
	struct maildir	*md;		/* where the folder is */
	struct md_acl_mark mark;	/* of the list that gave the rights */
	int		listed;		/* it has one of its own */
	u32		count;		/* messages told, gone ones included */
	u32		recent;		/* told */
	struct vec	kw;		/* char *: keywords the client knows */
	const char	**names;	/* keywords of one message */
	size_t		names_size;
	u64		kw_modseq;	/* state of kw */
};

/* The record of a message told, NULL if seq is out of range. */
struct rec *view_rec(struct view *, u32 seq);
u32	view_rec_sys(const struct rec *);

/* The flags that rights s, t, w allow to be stored; VF_* as MSG_*. */
u32	view_allowed_flags(u32 rights);
int	view_to_msg_flags(u32 sys);

/* Removes what is gone from the numbering and counts the arrivals; changes
   of flags that were not told are kept. */
void	view_settle(struct view *);

#endif
