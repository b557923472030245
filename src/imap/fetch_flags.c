/* FLAGS, UID, INTERNALDATE, RFC822.SIZE.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/io.h"

#include "mail/date822.h"

#include "session/view.h"

#include "imap/fetch.h"
#include "imap/imap.h"

/* "FLAGS" SP "(" [flag-fetch *(SP flag-fetch)] ")" */
void
fetch_flags(struct fetch *f, struct fetch_item *it)
{
	struct vflags flags;

	(void)it;
	memset(&flags, 0, sizeof(flags));
	(void)view_flags(f->view, f->seq, &flags);
	io_puts(f->im->io, "FLAGS ");
	imap_put_flags(f->im->io, &flags);
}

/* "UID" SP uniqueid */
void
fetch_uid(struct fetch *f, struct fetch_item *it)
{
	(void)it;
	io_puts(f->im->io, "UID ");
	io_put_u32(f->im->io, f->uid);
}

/*
 *   "INTERNALDATE" SP date-time
 *   date-time = DQUOTE date-day-fixed "-" date-month "-" date-year
 *               SP time SP zone DQUOTE
 */
void
fetch_date(struct fetch *f, struct fetch_item *it)
{
	struct date822 d;
	char buf[DATE822_BUF];
	i64 t;

	(void)it;
	t = 0;
	if (view_date(f->view, f->seq, &t) != E_OK && t == 0)
		f->error = E_EXPUNGED;
	date822_local(t, &d);
	io_puts(f->im->io, "INTERNALDATE \"");
	io_put(f->im->io, buf, date822_format_internal(buf, &d));
	io_putc(f->im->io, '"');
}

/* "RFC822.SIZE" SP number */
void
fetch_size(struct fetch *f, struct fetch_item *it)
{
	u64 size;

	(void)it;
	size = 0;
	(void)msgread_size(f->msg, &size);
	io_puts(f->im->io, "RFC822.SIZE ");
	io_put_u64(f->im->io, size);
}
