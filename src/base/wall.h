/* Messages between two processes of unequal rights.
   SPDX-License-Identifier: ISC */

#ifndef BASE_WALL_H
#define BASE_WALL_H

struct str;

/*
 * A wall is a pair of connected sockets; each side has one. A message has a
 * type (0 to 255), fields of bytes, and may carry one open descriptor. Neither
 * side trusts what the other sends: lengths are bounded, and what does not
 * hold together is E_INVAL, after which the wall is of no more use.
 */
#define WALL_FIELDS_MAX	8	/* in one message */
#define WALL_MAX	(256UL * 1024)	/* bytes of all fields together */

/* On the way: type, number of fields, two bytes 0, the length of what follows;
   then for each field its length, its bytes and a NUL. */
#define WALL_HEAD	8
#define WALL_FIELD_HEAD	4

struct wall {
	int	fd;
	int	(*stop)(void);	/* TRUE after a signal that sig.h caught: wait
				   no longer (E_EOF); NULL: signals do not
				   matter */
};

struct wall_msg {
	int		type;
	size_t		n;		/* fields */
	const char	*field[WALL_FIELDS_MAX]; /* each with a NUL behind it,
					   which does not count */
	size_t		len[WALL_FIELDS_MAX];
	int		fd;		/* -1: none */
};

/* Both ends, close-on-exec. E_OK or E_TEMP. */
int	wall_pair(int out[2]);

/* Empties a message; wall_add appends a field, which must outlive it.
   wall_adds takes a string, NULL for an empty field. */
void	wall_begin(struct wall_msg *, int type);
void	wall_add(struct wall_msg *, const void *, size_t);
void	wall_adds(struct wall_msg *, const char *);

/* Sends it; its descriptor stays the caller's, too. E_OK, E_EOF: nobody is
   there, E_TIMEOUT, E_TOOBIG, E_TEMP. */
int	wall_send(const struct wall *, const struct wall_msg *, u64 deadline);

/*
 * Waits for a message; its fields lie in buf, its descriptor (close-on-exec)
 * becomes the caller's. E_OK, E_EOF: nobody is there any more (or stop),
 * E_TIMEOUT, E_INVAL, E_TEMP. On failure there is no descriptor.
 */
int	wall_recv(const struct wall *, struct wall_msg *, struct str *buf,
	    u64 deadline);

/* Until the socket can be read or written (POLLIN, POLLOUT): E_OK; else as
   wall_recv. */
int	wall_wait(const struct wall *, int events, u64 deadline);

/* TRUE if there are n fields and none but the last holds a NUL. */
int	wall_strings(const struct wall_msg *, size_t n);

#endif
