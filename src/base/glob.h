/* IMAP LIST wildcards.  SPDX-License-Identifier: ISC */

#ifndef BASE_GLOB_H
#define BASE_GLOB_H

enum { GLOB_NO = 0, GLOB_YES = 1, GLOB_PARENT = 2 };

/*
 * Matches name against pattern, where `*` is any text and `%` any text
 * without sep (RFC 3501 6.3.8). GLOB_PARENT: no match, but a longer name
 * below this one could. Time is bounded by the product of the lengths.
 */
int	glob_match(const char *pattern, const char *name, int sep);

/* TRUE if a name that begins like this (or is this) could match. */
int	glob_reaches(const char *pattern, const char *name, int sep);

#endif
