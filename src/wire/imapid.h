/* The ID command, before and after login (RFC 2971).
   SPDX-License-Identifier: ISC */

#ifndef WIRE_IMAPID_H
#define WIRE_IMAPID_H

struct arg;
struct io;
struct str;

/*
 *   id = "id" SPACE id_params_list
 *   id_params_list = "(" #(string SPACE nstring) ")" / nil
 * Appends ", name=value" of each pair, for the log. E_SYNTAX.
 */
int	imapid_parse(struct arg *, struct str *out);

/* The untagged answer. fields is IMAP_ID_FIELDS, NULL if unset: bits that add
   1 the version, 2 the system, 4 its release. */
void	imapid_put(struct io *, const char *fields);

#endif
