/* Time.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <sys/time.h>
#include <poll.h>

#include "base/clock.h"

time_t
clock_now(void)
{
	return time(NULL);
}

void
clock_wall(time_t *out_sec, u32 *out_usec)
{
	struct timeval tv;

	gettimeofday(&tv, NULL);
	*out_sec = tv.tv_sec;
	*out_usec = (u32)tv.tv_usec;
}

u64
clock_msec(void)
{
#if defined(HAVE_CLOCK_GETTIME) && defined(CLOCK_MONOTONIC)
	struct timespec ts;

	if (clock_gettime(CLOCK_MONOTONIC, &ts) == 0)
		return (u64)ts.tv_sec * 1000 + (u64)ts.tv_nsec / 1000000 + 2;
#endif
	{
		struct timeval tv;

		gettimeofday(&tv, NULL);
		return (u64)tv.tv_sec * 1000 + (u64)tv.tv_usec / 1000 + 2;
	}
}

u64
clock_deadline(u32 seconds)
{
	return seconds == 0 ? 0 : clock_msec() + (u64)seconds * 1000;
}

int
clock_left(u64 deadline)
{
	u64 now;

	if (deadline == 0)
		return -1;
	now = clock_msec();
	if (now >= deadline)
		return 0;
	return deadline - now > 0x7fffffff ? 0x7fffffff :
	    (int)(deadline - now);
}

void
clock_sleep_ms(u32 ms)
{
	u64 end;

	for (end = clock_msec() + ms; clock_msec() < end; )
		poll(NULL, 0, clock_left(end));
}
