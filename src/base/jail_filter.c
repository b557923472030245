/* The system calls of a jailed process.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/jail.h"

/* A sanitizer's own calls are not ours to list. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer)
#define SANITIZED
#endif
#endif

#if defined(HAVE_LINUX_SECCOMP_H) && defined(HAVE_SYS_PRCTL_H) && \
    !defined(SANITIZED) && \
    (defined(__x86_64__) || defined(__i386__) || defined(__aarch64__))
#define FILTER
#endif

#ifdef FILTER

#include <sys/prctl.h>
#include <sys/syscall.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>

#if defined(__x86_64__)
#define ARCH	AUDIT_ARCH_X86_64
#elif defined(__i386__)
#define ARCH	AUDIT_ARCH_I386
#else
#define ARCH	AUDIT_ARCH_AARCH64
#endif

/*
 * The calls of a process that moves bytes between descriptors. Some have a
 * name on one kind of machine only. (By mmap and mprotect the C library gets
 * memory.)
 */
static const u32 allowed[] = {
	__NR_read, __NR_write, __NR_ppoll, __NR_clock_gettime,
#ifdef __NR_poll
	__NR_poll, __NR_select,
#endif
	__NR_readv, __NR_writev,
#ifdef __NR_recvmsg
	__NR_recvmsg, __NR_sendmsg, __NR_recvfrom, __NR_sendto, __NR_shutdown,
	__NR_getsockopt,
#endif
#ifdef __NR_clock_gettime64
	__NR_clock_gettime64, __NR_ppoll_time64, __NR_pselect6_time64,
	__NR_clock_nanosleep_time64, __NR_futex_time64,
#endif
#ifdef __NR_mmap2
	__NR_mmap2, __NR_fcntl64, __NR__llseek, __NR_sigreturn,
	__NR_getuid32, __NR_geteuid32, __NR_getgid32, __NR_getegid32,
#endif
#ifdef __NR_time
	__NR_time, __NR_dup2,
#endif
	__NR_close, __NR_dup, __NR_dup3, __NR_fcntl, __NR_brk, __NR_mmap,
	__NR_munmap, __NR_mremap, __NR_mprotect, __NR_madvise, __NR_futex,
	__NR_rt_sigaction, __NR_rt_sigprocmask, __NR_rt_sigreturn,
	__NR_sigaltstack, __NR_restart_syscall, __NR_gettimeofday,
	__NR_nanosleep, __NR_clock_nanosleep, __NR_pselect6,
	__NR_getrandom, __NR_uname, __NR_getpid, __NR_gettid, __NR_tgkill,
	__NR_getuid, __NR_geteuid, __NR_getgid, __NR_getegid,
	__NR_lseek, __NR_pread64, __NR_pwrite64, __NR_exit, __NR_exit_group
};

/* Machines of 32 bits have one call for all that concerns sockets; its first
   argument says what: send, recv, sendto, recvfrom, shutdown, getsockopt,
   sendmsg, recvmsg (as <linux/net.h> counts). */
#ifdef __NR_socketcall
static const u32 socket_calls[] = { 9, 10, 11, 12, 13, 15, 16, 17 };
#else
static const u32 socket_calls[] = { 0 };
#define __NR_socketcall	0xffffffff
#endif

#define N_ALLOWED	NITEMS(allowed)
#define N_SOCKET	NITEMS(socket_calls)

/* From the instruction after a jump to that one. */
#define TO(p, at)	((unsigned)(at) - (p)->n - 1)

/* Where the program's parts begin: a tree with a leaf for each allowed call,
   what socketcall() may do, the two answers. */
#define AT_TREE		4
#define AT_SOCKET	(AT_TREE + 2 * N_ALLOWED - 1)
#define AT_NO		(AT_SOCKET + 2 + N_SOCKET)
#define AT_YES		(AT_NO + 1)

struct program {
	struct sock_filter	code[AT_YES + 1];
	u32			nr[N_ALLOWED];	/* ascending */
	unsigned short		n;
};

static void put(struct program *, unsigned, u32, unsigned, unsigned);
static void load(struct program *, size_t);
static void test(struct program *, unsigned, u32, unsigned, unsigned);
static void sort(struct program *);
static void tree(struct program *, size_t, size_t);
static void build(struct program *);

static void
put(struct program *p, unsigned code, u32 k, unsigned yes, unsigned no)
{
	struct sock_filter *f = p->code + p->n++;

	f->code = (unsigned short)code;
	f->k = k;
	f->jt = (unsigned char)yes;
	f->jf = (unsigned char)no;
}

static void
load(struct program *p, size_t at)
{
	put(p, BPF_LD | BPF_W | BPF_ABS, (u32)at, 0, 0);
}

static void
test(struct program *p, unsigned how, u32 k, unsigned yes, unsigned no)
{
	put(p, BPF_JMP | BPF_K | how, k, yes, no);
}

static void
sort(struct program *p)
{
	size_t i, j;

	for (i = 0; i < N_ALLOWED; i++) {
		for (j = i; j > 0 && p->nr[j - 1] > allowed[i]; j--)
			p->nr[j] = p->nr[j - 1];
		p->nr[j] = allowed[i];
	}
}

/* The kernel tries all its calls when it gets the program: few steps each. */
static void
tree(struct program *p, size_t from, size_t n)
{
	size_t left = n / 2;

	if (n == 1) {
		test(p, BPF_JEQ, p->nr[from], TO(p, AT_YES), TO(p, AT_SOCKET));
		return;
	}
	test(p, BPF_JGE, p->nr[from + left], (unsigned)(2 * left - 1), 0);
	tree(p, from, left);
	tree(p, from + left, n - left);
}

static void
build(struct program *p)
{
	size_t i;

	p->n = 0;
	load(p, offsetof(struct seccomp_data, arch));
	test(p, BPF_JEQ, ARCH, 1, 0);
	put(p, BPF_RET | BPF_K, SECCOMP_RET_KILL, 0, 0);
	load(p, offsetof(struct seccomp_data, nr));
	sort(p);
	tree(p, 0, N_ALLOWED);
	test(p, BPF_JEQ, __NR_socketcall, 0, TO(p, AT_NO));
	load(p, offsetof(struct seccomp_data, args[0]));
	for (i = 0; i < N_SOCKET; i++)
		test(p, BPF_JEQ, socket_calls[i], TO(p, AT_YES), 0);
	put(p, BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM, 0, 0);
	put(p, BPF_RET | BPF_K, SECCOMP_RET_ALLOW, 0, 0);
}

int
jail_filter(int flags)
{
	struct sock_fprog f;
	struct program p;

	(void)flags;
	build(&p);
	f.len = p.n;
	f.filter = p.code;
	/* A kernel without it has nothing else to offer. */
	if (prctl(PR_SET_SECCOMP, (long)SECCOMP_MODE_FILTER, &f, 0L, 0L) < 0 &&
	    errno != EINVAL && errno != ENOSYS)
		return E_PERM;
	return E_OK;
}

int
jail_has_filter(void)
{
	return TRUE;
}

#else

int
jail_filter(int flags)
{
#ifdef HAVE_PLEDGE
	char promises[64];

	memcpy(promises, "stdio", 6);
	if ((flags & JAIL_FDS) != 0)
		memcpy(promises + strlen(promises), " sendfd recvfd", 15);
	if ((flags & JAIL_LOCKS) != 0)
		memcpy(promises + strlen(promises), " flock", 7);
	return pledge(promises, NULL) < 0 ? E_PERM : E_OK;
#else
	(void)flags;
	return E_OK;
#endif
}

int
jail_has_filter(void)
{
#ifdef HAVE_PLEDGE
	return TRUE;
#else
	return FALSE;
#endif
}

#endif
