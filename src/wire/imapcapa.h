/* The capability list, before and after login.  SPDX-License-Identifier: ISC */

#ifndef WIRE_IMAPCAPA_H
#define WIRE_IMAPCAPA_H

struct str;

/*
 * What the list is made of. imaplogin and imapd fill it from the same
 * variables, so that both say the same (daemons.md 5.3, DECISIONS 5).
 */
struct imapcapa {
	const char	*capability;	/* IMAP_CAPABILITY, or .._TLS under
					   TLS; NULL or "": IMAP4rev1 */
	const char	*extensions;	/* IMAP_EXTENSIONS: all none or words;
					   NULL: all */
	const char	*smap;		/* SMAP_CAPABILITY */
	const char	*outbox;	/* OUTBOX */
	int		keywords;	/* IMAP_KEYWORDS */
	int		acl;		/* IMAP_ACL */
	int		id_fields;	/* IMAP_ID_FIELDS is set (even to 0) */
	int		trash;		/* IMAP_MOVE_EXPUNGE_TO_TRASH */
	int		no_thread_sort;	/* IMAP_DISABLETHREADSORT */
	int		starttls;	/* STARTTLS is available now */
	int		tls_required;	/* plain logins are refused now */
	int		tls_external;	/* TLS is active, EXTERNAL set up */
	int		binding;	/* SCRAM can bind to the channel */
};

/*
 * Appends the words, separated by blanks: those of `capability` that this
 * build implements, in their order, then what Courier adds, then all other
 * implemented extensions. Unknown words are dropped; with `complain` each is
 * logged once by this call.
 */
void	imapcapa_list(const struct imapcapa *, int complain, struct str *out);

/* TRUE if the list would hold this word (any case). */
int	imapcapa_has(const struct imapcapa *, const char *word);

#endif
