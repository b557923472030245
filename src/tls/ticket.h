/* Keys for sessions that clients take up again.  SPDX-License-Identifier: ISC */

#ifndef TLS_TICKET_H
#define TLS_TICKET_H

/*
 * They are in TLS_CACHEFILE, for all processes of a listener: a mark of 16
 * bytes, then for each key 8 bytes with the second when it was made, and its
 * bytes; the newest first. Any other content is thrown away (Courier's cache,
 * which start scripts empty), never an error.
 */
#define TICKET_KEYS	2
#define TICKET_NAME	16
#define TICKET_SECRET	32

struct ticket_key {
	u64	made;			/* 0: there is none */
	u8	name[TICKET_NAME];	/* goes out in the clear */
	u8	cipher[TICKET_SECRET];
	u8	mac[TICKET_SECRET];
};

struct ticket_keys {
	struct ticket_key	k[TICKET_KEYS];
};

/*
 * Reads the keys; makes a new one, and moves the old ones down, when the
 * newest is `life` seconds old. The file is made, mode 600, if it is not there,
 * for the owner of its folder. E_OK, or the trouble, which is logged: then
 * there are no tickets.
 */
int	ticket_load(const char *path, u32 life, struct ticket_keys *out);

/* The key to make tickets with, and the one of a ticket, or NULL. *out_old is
   TRUE if the ticket should be replaced. */
const struct ticket_key *ticket_find(const struct ticket_keys *,
	    const u8 *name, int *out_old);

#endif
