/* Access lists of mailboxes.  SPDX-License-Identifier: ISC */

#ifndef SESSION_ACL_H
#define SESSION_ACL_H

struct acl;
struct pool;
struct sess;
struct str;

/*
 * A list is pairs of an identifier and rights (maildir.md 5.2 to 5.5, RFC
 * 4314). These functions ask for no right: what a user may see and change is
 * for the caller, by rights.h (right a, or l before "no such mailbox").
 * Rights here are strings of letters as they are stored: sorted, each once,
 * never the virtual d (x, t and e instead).
 */

/*
 * The list that applies to a mailbox, its own or that of the mailbox above;
 * it lives as long as the pool. E_INVAL, E_NOENT: there is no such mailbox,
 * or it only has others below it. E_NOTSUP: the account has no access lists
 * (disableshared). E_PERM, E_TEMP: cannot be read.
 */
int	acl_read(struct sess *, struct pool *, const char *name,
	    struct acl **out);

/* The same for any name, as listings show it. */
int	acl_look(struct sess *, struct pool *, const char *name,
	    struct acl **out);

/* Entries in the order of the file. Strings are the list's own. */
size_t	acl_count(const struct acl *);
const char *acl_id(const struct acl *, size_t i);
const char *acl_rights(const struct acl *, size_t i);

/*
 * Changes one entry, not yet the file. `mod` is "+rights", "-rights" or
 * "rights" in place of those that were; d is x, t and e, k is c. No rights
 * left: the entry goes. E_INVAL: not an identifier, or not rights. E_TOOBIG.
 */
int	acl_modify(struct acl *, const char *id, const char *mod);
int	acl_put(struct acl *, const char *id, const char *mod);	/* stays */
void	acl_delete(struct acl *, const char *id);
void	acl_clear(struct acl *);

/*
 * Writes the list to the mailbox, which may be one that only has others below
 * it. What must stay (maildir.md 5.4) is checked
 * first: E_INVAL, nothing is written, and *out_id is the identifier that
 * would lose too much ("owner", "administrators", or the owner's user=name);
 * NULL after another error: E_NOENT, E_NOTSUP, E_TOOBIG, E_NOSPACE, E_PERM,
 * E_TEMP.
 */
int	acl_write(struct sess *, const char *name, struct acl *,
	    const char **out_id);

/* FALSE: it is empty, not UTF-8, or has control characters, which no
   preparation would let through (RFC 4314 3, RFC 4013 2.3). */
int	acl_word_ok(const char *word);

/* The identifier that SETACL's word stands for, in the pool: bob is user=bob.
   NULL: the word holds a '='. */
char	*acl_from_word(struct pool *, const char *word);

/* The word of GETACL for an identifier, in the pool; NULL: it has none. */
char	*acl_to_word(struct pool *, const char *id);

/*
 * The letters that an entry for this word has always, and those that it can
 * be given (RFC 4314 3.7). ACL_ALWAYS and ACL_OTHERS are those of an owner,
 * for "RIGHTS-INFO" and "ACLMINIMUM".
 */
void	acl_grantable(struct sess *, const char *name, const char *word,
	    const char **out_always, const char **out_others);
#define ACL_ALWAYS	"al"
#define ACL_OTHERS	"ceiprstwx"

/*
 * Appends stored letters in the form of one reply, sorted. ACL_ACL2: d in
 * place of x, t and e if all are there (LIST, the [MYRIGHTS] code). ACL_2086:
 * d as before, else none of the three. ACL_4314: with k beside c, and d beside
 * any of x, t and e (RFC 4314 2.1.1).
 */
enum { ACL_ACL2, ACL_2086, ACL_4314 };
void	acl_letters(const char *rights, int form, struct str *out);

#endif
