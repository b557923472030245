/* Line ends as on the wire.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/str.h"
#include "mail/crlf.h"

int
crlf_cat(int *last, const char *s, size_t n, struct str *out)
{
	const char *lf;
	size_t len;

	while (n > 0) {
		lf = memchr(s, '\n', n);
		if (lf == NULL) {
			*last = s[n - 1];
			return str_cat(out, s, n);
		}
		len = (size_t)(lf - s);
		if (len > 0)
			*last = lf[-1];
		str_cat(out, s, len);
		if (*last == '\r')
			str_catc(out, '\n');
		else
			str_cat(out, "\r\n", 2);
		*last = '\n';
		s += len + 1;
		n -= len + 1;
	}
	return out->toobig ? E_TOOBIG : E_OK;
}

u64
crlf_size(int *last, const char *s, size_t n)
{
	const char *lf;
	u64 size = n;

	while (n > 0) {
		lf = memchr(s, '\n', n);
		if (lf == NULL) {
			*last = s[n - 1];
			break;
		}
		if ((lf > s ? lf[-1] : *last) != '\r')
			size++;
		*last = '\n';
		n -= (size_t)(lf - s) + 1;
		s = lf + 1;
	}
	return size;
}
