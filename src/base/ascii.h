/* Locale-free text helpers.  SPDX-License-Identifier: ISC */

#ifndef BASE_ASCII_H
#define BASE_ASCII_H

/* As the functions of <ctype.h> in the C locale, for any int: what is not ASCII
   is of no class and its own lower and upper case. */
int	ascii_isalpha(int);
int	ascii_isdigit(int);
int	ascii_isalnum(int);
int	ascii_isspace(int);		/* space, \t \r \n \v \f */
int	ascii_isprint(int);		/* 0x20 to 0x7e */
int	ascii_tolower(int);
int	ascii_toupper(int);

/* As strcasecmp, strncasecmp, memcmp without case, for ASCII letters. */
int	ascii_casecmp(const char *, const char *);
int	ascii_ncasecmp(const char *, const char *, size_t);
int	ascii_memcasecmp(const void *, const void *, size_t);

/* TRUE if s begins with prefix (exact, or without regard to case). */
int	ascii_begins(const char *s, const char *prefix);
int	ascii_casebegins(const char *s, const char *prefix);

void	ascii_lower(char *);		/* in place */
void	ascii_upper(char *);

#endif
