/* Time.  SPDX-License-Identifier: ISC */

#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <time.h>

/* Wall clock: seconds since 1970, and microseconds within the second. */
time_t	clock_now(void);
void	clock_wall(time_t *out_sec, u32 *out_usec);

/* Milliseconds that never go backwards (monotonic where there is one). */
u64	clock_msec(void);

/* A deadline is a clock_msec value; 0 means none. */
u64	clock_deadline(u32 seconds);		/* 0 seconds gives 0 */

/* Milliseconds left for poll: -1 without a deadline, 0 if it has passed. */
int	clock_left(u64 deadline);

/* Sleeps, signals or not. */
void	clock_sleep_ms(u32);

#endif
