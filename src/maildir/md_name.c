/* Names of message files: identity, flags, order, new names.
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/ascii.h"
#include "base/clock.h"
#include "base/num.h"
#include "maildir/folder_int.h"

static const char *after_number(const char *, u64 *, int *);
static size_t skip_size(const char *, size_t, size_t *);
static void hex_upper(struct str *, u64, size_t);

/* In the ASCII order that names need (maildir.md 1.3). P ("passed") is not an
   IMAP flag; it is kept. */
static const struct {
	char	letter;
	int	flag;
} letters[] = {
	{ 'D', MSG_DRAFT },
	{ 'F', MSG_FLAGGED },
	{ 'P', MSG_PASSED },
	{ 'R', MSG_ANSWERED },
	{ 'S', MSG_SEEN },
	{ 'T', MSG_DELETED }
};

size_t
md_name_id(const char *name)
{
	return strcspn(name, ":");
}

size_t
md_name_base(const char *name)
{
	const char *colon;

	colon = strrchr(name, ':');
	return colon == NULL ? strlen(name) : (size_t)(colon - name);
}

int
md_name_flags(const char *name)
{
	const char *info;
	size_t i;
	int flags;

	info = strrchr(name, ':');
	if (info == NULL || strncmp(info, ":2,", 3) != 0)
		return 0;
	for (flags = 0, i = 0; i < NITEMS(letters); i++)
		if (strchr(info + 3, letters[i].letter) != NULL)
			flags |= letters[i].flag;
	return flags;
}

void
md_name_info(struct str *out, int flags)
{
	size_t i;

	str_cats(out, ":2,");
	for (i = 0; i < NITEMS(letters); i++)
		if (flags & letters[i].flag)
			str_catc(out, letters[i].letter);
}

int
md_name_usual(const char *info, int flags)
{
	size_t i;

	if (strncmp(info, ":2,", 3) != 0)
		return FALSE;
	for (info += 3, i = 0; i < NITEMS(letters); i++)
		if ((flags & letters[i].flag) && *info++ != letters[i].letter)
			return FALSE;
	return *info == '\0';
}

void
md_name_suffix(struct str *out, const char *name, int flags)
{
	str_cat(out, name, md_name_base(name));
	md_name_info(out, flags);
}

/* Reads what atol would; *neg tells the sign. */
static const char *
after_number(const char *s, u64 *out, int *neg)
{
	size_t n;

	while (ascii_isspace((unsigned char)*s))
		s++;
	*neg = *s == '-';
	if (*s == '-' || *s == '+')
		s++;
	*out = 0;
	n = num_scan_u64(s, strlen(s), out);
	return s + n;
}

/*
 * The order in which unlisted messages get their UIDs: by leading number,
 * then by bytes, ':' being the end.
 */
int
md_name_cmp(const char *a, const char *b)
{
	u64 x, y;
	int xneg, yneg, c, d;

	after_number(a, &x, &xneg);
	after_number(b, &y, &yneg);
	if (xneg != yneg && (x != 0 || y != 0))
		return xneg ? -1 : 1;
	if (x != y)
		return (x < y) == !xneg ? -1 : 1;
	for (;; a++, b++) {
		c = *a == ':' ? 0 : (unsigned char)*a;
		d = *b == ':' ? 0 : (unsigned char)*b;
		if (c != d)
			return c - d;
		if (c == 0)
			return 0;
	}
}

u64
md_name_rank(const char *name)
{
	u64 v, zero;
	int neg;

	zero = (u64)1 << 63;
	after_number(name, &v, &neg);
	if (v >= zero)
		v = zero - 1;
	return neg ? zero - v : zero + v;
}

/* From i on: jumps over ",S=<digits>"; *id is the identity's length. */
static size_t
skip_size(const char *s, size_t i, size_t *id)
{
	while (*id - i >= 3 && strncmp(s + i, ",S=", 3) == 0)
		for (i += 3; i < *id && ascii_isdigit((u8)s[i]); i++)
			;
	return i;
}

int
md_name_same(const char *a, const char *b)
{
	size_t i, j, alen, blen;

	alen = md_name_id(a);
	blen = md_name_id(b);
	for (i = j = 0; ; i++, j++) {
		i = skip_size(a, i, &alen);
		j = skip_size(b, j, &blen);
		if (i == alen || j == blen)
			return i == alen && j == blen;
		if (a[i] != b[j])
			return FALSE;
	}
}

void
md_name_tmp(struct str *out, const struct maildir *md, const char *uniq)
{
	time_t sec;
	u32 usec;

	clock_wall(&sec, &usec);
	str_catu64(out, (u64)sec);
	str_cats(out, ".M");
	str_catu32(out, usec);
	str_cats(out, "P");
	str_catu64(out, (u64)getpid());
	if (uniq != NULL) {
		str_catc(out, '_');
		str_cats(out, uniq);
	}
	str_catc(out, '.');
	str_cats(out, md->host);
}

static void
hex_upper(struct str *out, u64 v, size_t digits)
{
	while (digits-- > 0)
		str_catc(out, "0123456789ABCDEF"[v >> (4 * digits) & 15]);
}

/* tmp is "<sec>.M<usec>P<pid>[_<uniq>].<host>"; device and inode go behind
   the pid, each as wide as its C type (maildir.md 1.1). */
void
md_name_final(struct str *out, const struct maildir *md, const char *tmp,
    const struct stat *st)
{
	const char *rest;

	(void)md;
	rest = strchr(tmp, '.');
	if (rest != NULL)
		rest += 1 + strcspn(rest + 1, "_.");
	if (rest == NULL)
		rest = tmp + strlen(tmp);
	str_cat(out, tmp, (size_t)(rest - tmp));
	str_catc(out, 'V');
	hex_upper(out, (u64)st->st_dev, 2 * sizeof(st->st_dev));
	str_catc(out, 'I');
	hex_upper(out, (u64)st->st_ino, 2 * sizeof(st->st_ino));
	str_cats(out, rest);
	if (st->st_size > 0) {
		str_cats(out, ",S=");
		str_catu64(out, (u64)st->st_size);
	}
}

void
md_name_fresh(struct str *out, const struct maildir *md,
    const struct stat *st, int flags)
{
	static u32 counter;
	struct str tmp, uniq;

	str_init(&tmp, 0);
	str_init(&uniq, 0);
	str_catf(&uniq, "again%u", counter++);
	md_name_tmp(&tmp, md, str_c(&uniq));
	str_reset(out);
	md_name_final(out, md, str_c(&tmp), st);
	md_name_info(out, flags);
	str_free(&tmp);
	str_free(&uniq);
}
