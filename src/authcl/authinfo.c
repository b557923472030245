/* The account record.  SPDX-License-Identifier: ISC */

#include "base/base.h"
#include "base/ascii.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/str.h"

#include "authcl/authinfo.h"

static char	*dup_or_null(const char *);
static const char *find_option(const char *, size_t, const char *, size_t,
		    size_t *);

void
authinfo_init(struct authinfo *a)
{
	memset(a, 0, sizeof(*a));
	a->sysusername = a->homedir = a->address = a->fullname = NULL;
	a->maildir = a->quota = a->passwd = a->clearpasswd = NULL;
	a->options = a->scram = NULL;
}

void
authinfo_free(struct authinfo *a)
{
	mem_free(a->sysusername);
	mem_free(a->homedir);
	mem_free(a->address);
	mem_free(a->fullname);
	mem_free(a->maildir);
	mem_free(a->quota);
	mem_free_secret(&a->passwd);
	mem_free_secret(&a->clearpasswd);
	mem_free(a->options);
	mem_free(a->scram);
	authinfo_init(a);
}

static char *
dup_or_null(const char *s)
{
	return s == NULL ? NULL : mem_strdup(s);
}

void
authinfo_copy(struct authinfo *dst, const struct authinfo *src)
{
	dst->sysusername = dup_or_null(src->sysusername);
	dst->has_uid = src->has_uid;
	dst->uid = src->uid;
	dst->gid = src->gid;
	dst->homedir = dup_or_null(src->homedir);
	dst->address = dup_or_null(src->address);
	dst->fullname = dup_or_null(src->fullname);
	dst->maildir = dup_or_null(src->maildir);
	dst->quota = dup_or_null(src->quota);
	dst->passwd = dup_or_null(src->passwd);
	dst->clearpasswd = dup_or_null(src->clearpasswd);
	dst->options = dup_or_null(src->options);
	dst->scram = dup_or_null(src->scram);
}

/*
 * options = item *( "," item ) ; item = name [ "=" value ]
 * Returns the value of the first item of that name ("" position for a bare
 * one) and its length, or NULL.
 */
static const char *
find_option(const char *s, size_t n, const char *name, size_t namelen,
    size_t *out_len)
{
	const char *end = s + n, *item, *p;

	while (s < end) {
		item = s;
		while (s < end && *s != ',')
			s++;
		for (p = item; p < s && *p != '='; p++)
			;
		if ((size_t)(p - item) == namelen &&
		    memcmp(item, name, namelen) == 0) {
			if (p < s)
				p++;
			*out_len = (size_t)(s - p);
			return p;
		}
		s++;
	}
	return NULL;
}

int
authinfo_option(const char *options, const char *name, struct str *out)
{
	const char *v;
	size_t n;

	if (options == NULL)
		return E_NOENT;
	v = find_option(options, strlen(options), name, strlen(name), &n);
	if (v == NULL)
		return E_NOENT;
	return str_cat(out, v, n);
}

long
authinfo_option_int(const char *options, const char *name)
{
	const char *v;
	size_t n, neg;
	u32 num = 0;

	if (options == NULL)
		return 0;
	v = find_option(options, strlen(options), name, strlen(name), &n);
	if (v == NULL)
		return 0;
	if (n == 0)
		return 1;
	neg = *v == '-';
	if (num_scan_u32(v + neg, n - neg, &num) > 0 && num > 0) {
		if (num > 0x7fffffff)
			num = 0x7fffffff;
		return neg ? -(long)num : (long)num;
	}
	return strchr("tTyY", *v) != NULL;
}

void
authinfo_merge_options(const char *account, const char *defaults,
    struct str *out)
{
	const char *s, *item, *name_end;
	size_t start = out->len, n;

	if (defaults == NULL)
		defaults = "";
	if (account == NULL || *account == '\0') {
		str_cats(out, defaults);
		return;
	}
	str_cats(out, account);
	for (s = defaults; *s != '\0';) {
		item = s;
		s += strcspn(s, ",");
		name_end = item + strcspn(item, "=,");
		if (s > item && find_option(out->data + start,
		    out->len - start, item, (size_t)(name_end - item), &n) ==
		    NULL) {
			str_catc(out, ',');
			str_cat(out, item, (size_t)(s - item));
		}
		if (*s == ',')
			s++;
	}
}
