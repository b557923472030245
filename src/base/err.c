/* Result codes and their texts.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/i18n.h"

static const struct {
	int		code;
	const char	*text;
} errors[] = {
	{ E_OK,		N_("no error") },
	{ E_TEMP,	N_("temporary failure") },
	{ E_PERM,	N_("permission denied") },
	{ E_NOENT,	N_("does not exist") },
	{ E_EXIST,	N_("exists already") },
	{ E_QUOTA,	N_("over quota") },
	{ E_TOOBIG,	N_("too big") },
	{ E_SYNTAX,	N_("syntax error") },
	{ E_TIMEOUT,	N_("timed out") },
	{ E_EOF,	N_("connection closed") },
	{ E_INVAL,	N_("not acceptable") },
	{ E_NOSPACE,	N_("no space left") },
	{ E_CHARSET,	N_("unknown character set") },
	{ E_EXPUNGED,	N_("message is gone") },
	{ E_NOTSUP,	N_("not supported") },
	{ E_BUSY,	N_("in use") }
};

int
err_from_errno(int no)
{
	switch (no) {
	case 0:
		return E_OK;
	case ENOENT:
	case ENOTDIR:
		return E_NOENT;
	case EEXIST:
	case ENOTEMPTY:
		return E_EXIST;
	case EACCES:
	case EPERM:
	case EROFS:
		return E_PERM;
	case EINVAL:
	case ELOOP:
		return E_INVAL;
	case ENAMETOOLONG:
	case EFBIG:
		return E_TOOBIG;
	case ENOSPC:
#ifdef EDQUOT
	case EDQUOT:
#endif
		return E_NOSPACE;
	case EPIPE:
	case ECONNRESET:
		return E_EOF;
	case ETIMEDOUT:
		return E_TIMEOUT;
	default:
		return E_TEMP;
	}
}

const char *
err_text(int code)
{
	size_t i;

	for (i = 0; i < NITEMS(errors); i++)
		if (errors[i].code == code)
			return errors[i].text;
	return N_("unknown error");
}
