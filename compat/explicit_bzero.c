/* explicit_bzero for systems without it.  SPDX-License-Identifier: ISC */

#include "config.h"
#include "compat.h"

#ifndef HAVE_EXPLICIT_BZERO

/* The pointer is volatile: the compiler cannot know which function runs. */
static void *(*volatile wipe)(void *, int, size_t) = memset;

void
explicit_bzero(void *p, size_t n)
{
	wipe(p, 0, n);
}

#endif
