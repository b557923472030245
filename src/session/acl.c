/* Access lists of mailboxes.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/pool.h"
#include "base/str.h"
#include "charset/utf8.h"
#include "maildir/folder.h"

#include "session/acl.h"
#include "session/ns.h"
#include "session/rights.h"
#include "session/sess.h"

#define OTHERS	ACL_ALWAYS ACL_OTHERS
#define USER	"user="

struct acl {
	struct md_acl	list;
};

static int	is_word(const char *);
static int	virtual_right(int, const char *, int);

int
acl_read(struct sess *sess, struct pool *pool, const char *name,
    struct acl **out)
{
	struct ns_place place;
	int e;

	e = ns_find(sess, pool, name, &place);
	return e != E_OK ? e : acl_look(sess, pool, name, out);
}

int
acl_look(struct sess *sess, struct pool *pool, const char *name,
    struct acl **out)
{
	struct ns_place place;
	struct acl *acl;
	int e;

	e = ns_where(sess, pool, name, &place);
	if (e != E_OK)
		return e;
	if (!rights_lists(sess))
		return E_NOTSUP;
	acl = pool_alloc(pool, sizeof(*acl));
	md_acl_init(&acl->list, pool);
	*out = acl;
	return maildir_acl_read(place.tree->md, place.dir, &acl->list);
}

size_t
acl_count(const struct acl *acl)
{
	return acl->list.n;
}

const char *
acl_id(const struct acl *acl, size_t i)
{
	return acl->list.v[i].id;
}

const char *
acl_rights(const struct acl *acl, size_t i)
{
	return acl->list.v[i].rights;
}

int
acl_put(struct acl *acl, const char *id, const char *mod)
{
	struct str s;
	int e;

	if (!utf8_valid(id, strlen(id)) || !utf8_is_ascii(mod, strlen(mod)))
		return E_INVAL;
	str_init(&s, 0);
	for (; *mod != '\0'; mod++) {
		if (*mod == 'd')
			str_cats(&s, "xte");
		else
			str_catc(&s, *mod == 'k' ? 'c' : *mod);
	}
	e = md_acl_modify(&acl->list, id, str_c(&s));
	str_free(&s);
	return e;
}

int
acl_modify(struct acl *acl, const char *id, const char *mod)
{
	int e;

	e = acl_put(acl, id, mod);
	if (e == E_OK && *md_acl_get(&acl->list, id) == '\0')
		md_acl_delete(&acl->list, id);
	return e;
}

void
acl_delete(struct acl *acl, const char *id)
{
	md_acl_delete(&acl->list, id);
}

void
acl_clear(struct acl *acl)
{
	acl->list.n = 0;
}

int
acl_write(struct sess *sess, const char *name, struct acl *acl,
    const char **out_id)
{
	struct ns_place place;
	struct pool *pool;
	int e;

	*out_id = NULL;
	if (!rights_lists(sess))
		return E_NOTSUP;
	pool = pool_new();
	e = ns_known(sess, pool, name);
	if (e == E_OK)
		e = ns_where(sess, pool, name, &place);
	if (e == E_OK) {
		*out_id = md_acl_lacks(&acl->list,
		    rights_owner(sess, place.tree));
		e = *out_id != NULL ? E_INVAL :
		    maildir_acl_write(place.tree->md, place.dir, &acl->list);
	}
	pool_free(&pool);
	return e;
}

/* ---- identifiers -------------------------------------------------------- */

/* Identifiers that are the same in both forms. */
static int
is_word(const char *s)
{
	static const char *const words[] = {
		"owner", "anyone", "anonymous", "authuser", "administrators"
	};
	size_t i;

	for (i = 0; i < NITEMS(words); i++)
		if (strcmp(s, words[i]) == 0)
			return TRUE;
	return FALSE;
}

int
acl_word_ok(const char *s)
{
	size_t i;

	for (i = 0; s[i] != '\0'; i++)
		if ((unsigned char)s[i] < ' ' || s[i] == 0x7f)
			return FALSE;
	return i > 0 && utf8_valid(s, i);
}

char *
acl_from_word(struct pool *pool, const char *word)
{
	const char *bare;
	struct str s;
	char *res;

	if (strchr(word, '=') != NULL)
		return NULL;
	bare = word + (*word == '-');
	if (is_word(bare))
		return pool_strdup(pool, word);
	str_init(&s, 0);
	str_cats(&s, bare != word ? "-" USER : USER);
	str_cats(&s, bare);
	res = pool_strdup(pool, str_c(&s));
	str_free(&s);
	return res;
}

char *
acl_to_word(struct pool *pool, const char *id)
{
	const char *bare;
	char *res;

	bare = id + (*id == '-');
	if (strncmp(bare, USER, sizeof(USER) - 1) != 0)
		return strchr(id, '=') != NULL ? NULL : pool_strdup(pool, id);
	bare += sizeof(USER) - 1;
	res = pool_alloc(pool, strlen(bare) + 2);
	if (*id == '-')
		*res = '-';
	memcpy(res + (*id == '-'), bare, strlen(bare) + 1);
	return res;
}

/* ---- letters ------------------------------------------------------------ */

void
acl_grantable(struct sess *sess, const char *name, const char *word,
    const char **out_always, const char **out_others)
{
	const struct ns_tree *tree;
	const char *bare, *owner;

	*out_always = "";
	*out_others = OTHERS;
	bare = word + (*word == '-');
	owner = ns_tree_of(sess, name, &tree) == E_OK ?
	    rights_owner(sess, tree) : "";
	if (strncmp(owner, USER, sizeof(USER) - 1) == 0)
		owner += sizeof(USER) - 1;
	if (strcmp(bare, owner) == 0) {
		*out_always = bare == word ? ACL_ALWAYS : "";
		*out_others = ACL_OTHERS;
	} else if (bare != word && (strcmp(bare, "anyone") == 0 ||
	    strcmp(bare, "anonymous") == 0))
		*out_others = ACL_OTHERS;
}

/* Is this letter shown, given those that are stored? */
static int
virtual_right(int c, const char *rights, int form)
{
	int n;

	n = (strchr(rights, 'x') != NULL) + (strchr(rights, 't') != NULL) +
	    (strchr(rights, 'e') != NULL);
	switch (c) {
	case 'd':
		if (form == ACL_4314 ? n > 0 : n == 3)
			return TRUE;
		break;
	case 'k':
		if (form == ACL_4314 && strchr(rights, 'c') != NULL)
			return TRUE;
		break;
	case 'x':
	case 't':
	case 'e':
		if (form == ACL_2086 || (form == ACL_ACL2 && n == 3))
			return FALSE;
		break;
	default:
		break;
	}
	return strchr(rights, c) != NULL;
}

void
acl_letters(const char *rights, int form, struct str *out)
{
	int c;

	for (c = '!'; c < 256; c++)
		if (virtual_right(c, rights, form))
			str_catc(out, c);
}
