/* Strings, without exits.  SPDX-License-Identifier: ISC

   What is out of memory here is an error of the caller's, who may live on. */

#ifndef AUTHLIB_TEXT_H
#define AUTHLIB_TEXT_H

/* All strings up to a (char *)NULL in one, malloc-ed; NULL without memory. */
char	*text_join(const char *, ...);
char	*text_dup(const char *);

/* Copies what fits; returns the buffer. */
char	*text_copy(char *buf, size_t size, const char *);

#endif
