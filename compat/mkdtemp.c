/* mkdtemp for systems without it.  SPDX-License-Identifier: ISC */

#include "config.h"
#include "compat.h"

#ifndef HAVE_MKDTEMP

#include <sys/stat.h>
#include <errno.h>
#include <sys/time.h>

#define MKDTEMP_TRIES	10000

char *
mkdtemp(char *path)
{
	static unsigned long counter;
	struct timeval tv;
	unsigned long v;
	char *x;
	int i, j;

	x = path + strlen(path) - 6;
	for (i = 0; i < MKDTEMP_TRIES; i++) {
		gettimeofday(&tv, NULL);
		v = (unsigned long)tv.tv_usec * 7919UL +
		    (unsigned long)tv.tv_sec + ++counter +
		    (unsigned long)getpid() * 104729UL;
		for (j = 0; j < 6; j++, v /= 36)
			x[j] = "abcdefghijklmnopqrstuvwxyz0123456789"[v % 36];
		if (mkdir(path, 0700) == 0)
			return path;
		if (errno != EEXIST)
			return NULL;
	}
	return NULL;
}

#endif
