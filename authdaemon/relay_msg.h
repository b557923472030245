/* The messages of the relay.  SPDX-License-Identifier: ISC */

#ifndef AUTHDAEMON_RELAY_MSG_H
#define AUTHDAEMON_RELAY_MSG_H

/*
 * A message is 4 bytes of length and a body. Numbers have 4 bytes, the highest
 * first; a string is its length and its bytes, which are no NUL, or RELAY_NULL
 * for one that is not there. Neither end believes the other.
 */

#define RELAY_MAX	65536		/* bytes of a body */
#define RELAY_NULL	U32_MAX

enum { RELAY_ASK, RELAY_CHANGE, RELAY_LIST, RELAY_OPEN };	/* requests */
enum { RELAY_VERDICT, RELAY_ENTRY };				/* replies */

struct authinfo;
struct authreq;
struct str;

/* What is left of a body. `bad` sticks. */
struct relay_in {
	const char	*p;
	size_t		n;
	int		bad;
};

/* A body begins with put_start; send fills in the length. E_OK, E_TEMP. */
void	relay_put_start(struct str *);
void	relay_put_u32(struct str *, u32);
void	relay_put_text(struct str *, const char *);
int	relay_send(int fd, struct str *);

/* Receives a body into *body. E_EOF; E_TIMEOUT; E_TEMP; E_INVAL: too long. */
int	relay_receive(int fd, u64 deadline, struct str *body,
	    struct relay_in *out);
u32	relay_get_u32(struct relay_in *);
char	*relay_get_text(struct relay_in *);	/* owned by the caller */

/* E_INVAL if something is left, missing or wrong. */
int	relay_get_end(const struct relay_in *);

/* The two things that are sent. What is got is to be freed, whatever
   relay_get_end says of it. */
void	relay_put_request(struct str *, const struct authreq *);
void	relay_get_request(struct relay_in *, struct authreq *);
void	relay_put_account(struct str *, const struct authinfo *);
void	relay_get_account(struct relay_in *, struct authinfo *);

#endif
