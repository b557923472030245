/* Base subjects, RFC 5256 2.1.  SPDX-License-Identifier: ISC */

#ifndef MAIL_SUBJECT_H
#define MAIL_SUBJECT_H

struct str;

/*
 * Appends what is left of an unfolded Subject field, decoded to UTF-8, without
 * the marks of replies and forwards and of lists: "Re: [x] a (fwd)" is "a". It
 * may be empty. Letters keep their case (see ucase_casemap). TRUE if a mark of
 * a reply or forward was there. Time is linear in n.
 */
int	subject_base(const char *value, size_t n, struct str *out);

#endif
