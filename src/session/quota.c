/* What quotas there are.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/ascii.h"
#include "maildir/folder.h"

#include "session/quota.h"
#include "session/sess.h"

#define KIB	1024
#define NUMBER_MAX	(U64_MAX >> 1)	/* RFC 9208 3.1.2: 63 bits */
#define OWN	"ROOT"		/* the user's own maildir */

/* A namespace begins with the word, or is it. */
static const struct {
	const char	*word;
	const char	*root;
} roots[] = {
	{ "#shared", "PUBLIC" },
	{ "shared", "SHARED" }
};

static u64	kib(u64);
static u64	not_less(i64);

const char *
quota_root(const char *name)
{
	size_t i, n;

	for (i = 0; i < NITEMS(roots); i++) {
		n = strlen(roots[i].word);
		if (ascii_memcasecmp(name, roots[i].word, n) == 0 &&
		    (name[n] == '.' || name[n] == '\0'))
			return roots[i].root;
	}
	return OWN;
}

static u64
kib(u64 bytes)
{
	return bytes / KIB + (bytes % KIB != 0);
}

/* A sum that races made negative. */
static u64
not_less(i64 n)
{
	return n < 0 ? 0 : (u64)n;
}

void
quota_state(struct sess *sess, const char *root, struct quota_state *out)
{
	struct md_quota q;

	memset(out, 0, sizeof(*out));
	if (strcmp(root, OWN) != 0 || maildir_quota(sess->md, &q) != E_OK)
		return;
	out->kib = kib(not_less(q.bytes));
	out->kib_max = kib(q.max_bytes);
	out->messages = not_less(q.count);
	out->messages_max = q.max_count < NUMBER_MAX ? q.max_count :
	    NUMBER_MAX;
}
