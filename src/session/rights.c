/* What this user may do with a mailbox.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "session/ns.h"
#include "session/rights.h"
#include "session/sess.h"

static size_t	put_letters(char *, u32, int);

static const struct {
	u32	bit;
	char	letter;
} letters[] = {
	{ RIGHT_A, 'a' },
	{ RIGHT_C, 'c' },
	{ RIGHT_E, 'e' },
	{ RIGHT_I, 'i' },
	{ RIGHT_L, 'l' },
	{ RIGHT_P, 'p' },
	{ RIGHT_R, 'r' },
	{ RIGHT_S, 's' },
	{ RIGHT_T, 't' },
	{ RIGHT_W, 'w' },
	{ RIGHT_X, 'x' },
};

/*
 * Every mailbox that a name can reach here is in the user's own maildir, and
 * its owner has all rights by Courier's default list (owner aceilrstwx).
 */
int
rights_get(struct sess *sess, const char *name, u32 *out)
{
	(void)sess;
	*out = 0;
	if (ns_check(name) != E_OK)
		return E_OK;
	*out = RIGHT_ALL;
	return E_OK;
}

int
rights_need(struct sess *sess, const char *name, u32 want)
{
	u32 have;
	int e;

	e = rights_get(sess, name, &have);
	if (e != E_OK)
		return e;
	return (have & want) == want ? E_OK : E_PERM;
}

/* `d` stands between c and i in the alphabet, and e follows it. */
static size_t
put_letters(char *buf, u32 rights, int with_d)
{
	size_t i, n;

	n = 0;
	for (i = 0; i < NITEMS(letters); i++) {
		if (with_d && letters[i].bit == RIGHT_E)
			buf[n++] = 'd';
		if (rights & letters[i].bit)
			buf[n++] = letters[i].letter;
	}
	buf[n] = '\0';
	return n;
}

size_t
rights_letters(char *buf, u32 rights)
{
	return put_letters(buf, rights, FALSE);
}

size_t
rights_text(char *buf, u32 rights)
{
	if ((rights & RIGHT_D) == RIGHT_D)
		return put_letters(buf, rights & ~(u32)RIGHT_D, TRUE);
	return put_letters(buf, rights, FALSE);
}

size_t
rights_text2086(char *buf, u32 rights)
{
	return put_letters(buf, rights & ~(u32)RIGHT_D,
	    (rights & RIGHT_D) == RIGHT_D);
}
