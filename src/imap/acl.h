/* What the commands for access lists share.  SPDX-License-Identifier: ISC */

#ifndef IMAP_ACL_H
#define IMAP_ACL_H

struct acl;
struct arg;
struct imap;
struct imap_cmd;
struct reply;

/* Takes the mailbox of a command and asks for one of the rights. Fills the
   reply on failure: who has none of them and may not look it up is told that
   there is no such mailbox. */
int	acl_mailbox(struct imap *, struct imap_cmd *, struct reply *,
	    struct arg **pos, u32 any, const char *word, char **out_name,
	    const char **out_shown);

/* identifier = astring. FALSE, with the reply filled in: it is empty, or has
   bytes that are not UTF-8, or control characters (RFC 4314 3). */
int	acl_identifier(struct arg **pos, const char **out, struct reply *);

/* TRUE: RIGHTS=texk is announced, RFC 4314 holds; else RFC 2086. */
int	acl_is_4314(const struct imap *);

/* The form of rights in GETACL, MYRIGHTS and LISTRIGHTS (session/acl.h). */
int	acl_form(const struct imap *);

/* Quoted, or a literal where it cannot be. */
void	acl_put_word(struct imap *, const char *);

/* A blank and stored rights in a form of session/acl.h. */
void	acl_put_rights(struct imap *, const char *, int form);

#endif
