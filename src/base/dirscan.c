/* Names in a directory.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <dirent.h>

#include "base/dirscan.h"
#include "base/mem.h"

struct dirscan {
	DIR	*dir;
};

int
dirscan_open(const char *path, struct dirscan **out)
{
	DIR *dir;

	dir = opendir(path);
	if (dir == NULL)
		return err_from_errno(errno);
	*out = mem_new(sizeof(**out));
	(*out)->dir = dir;
	return E_OK;
}

int
dirscan_next(struct dirscan *d, const char **out_name)
{
	struct dirent *e;

	do {
		errno = 0;
		e = readdir(d->dir);
		if (e == NULL)
			return errno == 0 ? 0 : E_TEMP;
	} while (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0);
	*out_name = e->d_name;
	return 1;
}

void
dirscan_close(struct dirscan **d)
{
	if (*d == NULL)
		return;
	closedir((*d)->dir);
	*d = mem_free(*d);
}
