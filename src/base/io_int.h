/* The stream's members, for the layers of this folder only.
   SPDX-License-Identifier: ISC */

#ifndef BASE_IO_INT_H
#define BASE_IO_INT_H

#define IO_DEPTH_MAX	4

struct io {
	struct {
		const struct io_layer	*fn;
		void			*ctx;
	} layers[IO_DEPTH_MAX];
	int	depth;
	int	rfd;			/* what io_wait polls, or -1 */
	int	error;			/* first write error */
	u64	deadline;
	u64	count_in, count_out;
	size_t	in_pos, in_len, out_len;
	size_t	in_used, out_used;	/* of the buffers, ever */
	char	in[IO_BUF_SIZE];
	char	out[IO_BUF_SIZE];
};

/* A stream whose lowest layer is the given one. */
struct io *io_new(const struct io_layer *, void *ctx, int rfd);

#endif
