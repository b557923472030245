/* Replies of the authentication socket.  SPDX-License-Identifier: ISC */

#include "base/base.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/str.h"

#include "authcl/authproto.h"

static void	put_attr(struct str *, const char *, const char *,
		    const char *);
static void	set_id(const char *, u32 *);
static int	is_complete(const char *, size_t);
static void	get_attr(char *, const char *, struct authinfo *);

/* The attributes that are strings, in no particular order: a name, and where
   its value is in the record. */
static const struct {
	const char	*name;
	size_t		offset;
	int		secret;
} attr_tab[] = {
	{ "USERNAME",	offsetof(struct authinfo, sysusername),	FALSE },
	{ "HOME",	offsetof(struct authinfo, homedir),	FALSE },
	{ "ADDRESS",	offsetof(struct authinfo, address),	FALSE },
	{ "NAME",	offsetof(struct authinfo, fullname),	FALSE },
	{ "MAILDIR",	offsetof(struct authinfo, maildir),	FALSE },
	{ "QUOTA",	offsetof(struct authinfo, quota),	FALSE },
	{ "PASSWD",	offsetof(struct authinfo, passwd),	TRUE },
	{ "PASSWD2",	offsetof(struct authinfo, clearpasswd),	TRUE },
	{ "OPTIONS",	offsetof(struct authinfo, options),	FALSE },
	{ "SCRAM",	offsetof(struct authinfo, scram),	FALSE }
};

/* A value ends at the first control character (a tab may pass): what comes
   from a database must not be able to forge an attribute. */
static void
put_attr(struct str *out, const char *name, const char *value,
    const char *also_end)
{
	const char *p;

	if (value == NULL)
		return;
	for (p = value; *p != '\0'; p++)
		if (((unsigned char)*p < ' ' && *p != '\t') ||
		    strchr(also_end, *p) != NULL)
			break;
	str_catf(out, "%s=", name);
	str_cat(out, value, (size_t)(p - value));
	str_catc(out, '\n');
}

void
authproto_put_account(const struct authinfo *a, struct str *out)
{
	put_attr(out, "USERNAME", a->sysusername, "");
	if (a->has_uid)
		str_catf(out, "UID=%lu\n", (unsigned long)a->uid);
	str_catf(out, "GID=%lu\n", (unsigned long)a->gid);
	put_attr(out, "HOME", a->homedir == NULL ? "" : a->homedir, "");
	put_attr(out, "ADDRESS", a->address, "");
	put_attr(out, "NAME", a->fullname, ",");
	put_attr(out, "MAILDIR", a->maildir, "");
	put_attr(out, "QUOTA", a->quota, "");
	put_attr(out, "PASSWD", a->passwd, "");
	put_attr(out, "PASSWD2", a->clearpasswd, "");
	put_attr(out, "OPTIONS", a->options, "");
	put_attr(out, "SCRAM", a->scram, "");
	str_cats(out, ".\n");
}

/* Decimal prefix; what is behind it is ignored. */
static void
set_id(const char *s, u32 *out)
{
	u32 v;

	*out = num_scan_u32(s, strlen(s), &v) > 0 ? v : 0;
}

static void
get_attr(char *name, const char *value, struct authinfo *out)
{
	size_t i;
	char **where;
	u32 id;

	if (strcmp(name, "UID") == 0) {
		set_id(value, &id);
		out->uid = (uid_t)id;
		out->has_uid = TRUE;
		return;
	}
	if (strcmp(name, "GID") == 0) {
		set_id(value, &id);
		out->gid = (gid_t)id;
		return;
	}
	for (i = 0; i < NITEMS(attr_tab); i++) {
		if (strcmp(attr_tab[i].name, name) != 0)
			continue;
		where = (char **)(void *)((char *)out + attr_tab[i].offset);
		if (attr_tab[i].secret)
			mem_free_secret(where);
		mem_free(*where);
		*where = mem_strdup(value);
		return;
	}
}

/* Complete before the end of the stream: it ends in LF "." LF, or is FAIL. */
static int
is_complete(const char *buf, size_t n)
{
	return (n >= 3 && memcmp(buf + n - 3, "\n.\n", 3) == 0) ||
	    (n == 5 && memcmp(buf, "FAIL\n", 5) == 0);
}

int
authproto_get_account(const char *buf, size_t n, int more,
    struct authinfo *out)
{
	char *copy, *line, *nl, *eq;
	int rc = E_TEMP;

	if (more && !is_complete(buf, n))
		return E_BUSY;
	copy = mem_dup(buf, n);
	for (line = copy; (nl = strchr(line, '\n')) != NULL; line = nl + 1) {
		*nl = '\0';
		if (strcmp(line, ".") == 0) {
			rc = E_OK;
			break;
		}
		if (strcmp(line, "FAIL") == 0) {
			rc = E_PERM;
			break;
		}
		eq = strchr(line, '=');
		if (eq == NULL)
			continue;
		*eq = '\0';
		get_attr(line, eq + 1, out);
	}
	if (rc != E_OK)
		authinfo_free(out);
	else if (out->homedir == NULL)
		out->homedir = mem_strdup("");
	mem_wipe(copy, n);
	mem_free(copy);
	return rc;
}
