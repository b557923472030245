/* Strings, without exits.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "authlib/text.h"

char *
text_join(const char *first, ...)
{
	va_list ap;
	const char *s;
	char *out, *p;
	size_t n = 1;

	va_start(ap, first);
	for (s = first; s != NULL; s = va_arg(ap, const char *))
		n += strlen(s);
	va_end(ap);
	p = out = malloc(n);
	if (out == NULL)
		return NULL;
	va_start(ap, first);
	for (s = first; s != NULL; s = va_arg(ap, const char *)) {
		n = strlen(s);
		memcpy(p, s, n);
		p += n;
	}
	va_end(ap);
	*p = '\0';
	return out;
}

char *
text_dup(const char *s)
{
	return text_join(s, (char *)NULL);
}

char *
text_copy(char *buf, size_t size, const char *s)
{
	size_t n = strlen(s);

	if (n >= size)
		n = size - 1;
	memcpy(buf, s, n);
	buf[n] = '\0';
	return buf;
}
