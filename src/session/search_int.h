/* A search under way, for this directory only.  SPDX-License-Identifier: ISC */

#ifndef SESSION_SEARCH_INT_H
#define SESSION_SEARCH_INT_H

#include "session/search.h"

struct msg;
struct pool;

struct searching {
	struct view	*view;
	struct criteria	*root;
	u32		seq;		/* the message looked at */
	struct msg	*msg;		/* open if a key needed it */
	int		error;		/* it cannot be opened */
	int		scanned;	/* its text went through the matchers */
	struct pool	*pool;		/* while its text is looked at */
	u32		opened;		/* messages so far */
};

/* Opens the message at hand unless it is open. Else E_EXPUNGED,
   E_TEMP, remembered for this message. */
int	search_open(struct searching *);

/* search_text.c: keys that look into the message. */
int	search_by_header(struct searching *, struct criteria *);
int	search_by_body(struct searching *, struct criteria *);

#endif
