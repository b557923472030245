/* What this user may do with a mailbox.  SPDX-License-Identifier: ISC */

#ifndef SESSION_RIGHTS_H
#define SESSION_RIGHTS_H

struct sess;

/* RFC 4314 letters; Courier's order in lists is alphabetical. */
enum {
	RIGHT_A = 1,		/* administer */
	RIGHT_C = 2,		/* create below */
	RIGHT_E = 4,		/* expunge */
	RIGHT_I = 8,		/* insert */
	RIGHT_L = 16,		/* look up */
	RIGHT_R = 32,		/* read */
	RIGHT_S = 64,		/* seen */
	RIGHT_T = 128,		/* \Deleted */
	RIGHT_W = 256,		/* other flags */
	RIGHT_X = 512,		/* delete the mailbox */
	RIGHT_P = 1024,		/* post */
	RIGHT_ALL = 1023,	/* what an owner has */
	RIGHT_D = 4 | 128 | 512	/* RFC 2086 d */
};

#define RIGHTS_BUF	16

/* Rights on a mailbox by its UTF-8 name; it need not exist (parents). Never
   writes files. E_TEMP: they cannot be read, nobody may do anything. */
int	rights_get(struct sess *, const char *name, u32 *out);

/* E_OK if all of `want` are held, else E_PERM. */
int	rights_need(struct sess *, const char *name, u32 want);

/* Letters, sorted: rights_letters as they are stored; rights_text with `d` if
   x, t, e are all there, else the single letters ([MYRIGHTS] code, ACL2);
   rights_text2086 leaves those out instead. */
size_t	rights_letters(char *buf, u32 rights);
size_t	rights_text(char *buf, u32 rights);
size_t	rights_text2086(char *buf, u32 rights);

#endif
