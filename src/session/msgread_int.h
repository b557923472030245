/* Members of an open message, for this directory only.
   SPDX-License-Identifier: ISC */

#ifndef SESSION_MSGREAD_INT_H
#define SESSION_MSGREAD_INT_H

#include "base/str.h"

#include "session/msgread.h"

struct msg {
	struct view	*view;
	u32		uid;
	int		fd;
	int		open;		/* between msgread_open and _close */
	u64		fsize;		/* bytes of the file when opened */
	struct pool	*pool;		/* the part tree, the envelope */
	char		*buf;		/* the file's first buflen bytes */
	size_t		buflen;
	size_t		bufsize;
	struct str	out;		/* converted bytes on their way */
	struct mime_part *root;
	struct envelope	*env;
	int		has_header;	/* `header` is known */
	int		has_whole;	/* `whole` is known */
	struct mime_span header;
	struct mime_span whole;
	/* Where the last msgread_send of a span came to: a wire offset, the
	   file offset that belongs to it, and the byte before. */
	u64		hint_start;
	u64		hint_wire;
	u64		hint_file;
	int		hint_last;
};

#define MSG_READ_FIRST	(16UL * 1024)	/* enough for most headers */
#define MSG_READ_CHUNK	(64UL * 1024)
#define MSG_STOP	1		/* a sink has enough */

/* Has the first `upto` bytes in m->buf, or all there are. */
int	msgread_keep(struct msg *, u64 upto);

/* Closes the message that a view keeps open. */
void	msgread_forget(struct msg **);

#endif
