#!/bin/sh
# Debian's user-mode kernel and NFS programs, unpacked: nfs-guest.sh runs with
# them. debian-root.sh has the usage.  SPDX-License-Identifier: ISC
set -eu

name=nfs-root-1
wanted='user-mode-linux nfs-kernel-server nfs-common rpcbind kmod libc-bin
	dash coreutils mawk'

accounts() { :; }

. "`dirname "$0"`/debian-root.sh"
root_main "$@"
