#!/bin/bash
# The first process of a user-mode kernel whose root is the machine's, not to be
# written to: an NFS server, and two machines that mount its one export at
# /mnt/a and /mnt/b, each with a cache of its own (a network namespace has its
# own client). Then it runs a program, and ends.  SPDX-License-Identifier: ISC
#
# From the command line of the kernel: NFS_ROOT (nfs-root.sh), NFS_OPTIONS of the
# mounts, NFS_JOB (a Perl program), top_srcdir, top_builddir. The disk is ubda.
lib=$NFS_ROOT/usr/lib/x86_64-linux-gnu:$NFS_ROOT/lib/x86_64-linux-gnu
for d in usr/sbin usr/bin sbin bin; do
	path=$path$NFS_ROOT/$d:
done
export PATH=$path/usr/sbin:/usr/bin:/sbin:/bin

nfs() { LD_LIBRARY_PATH=$lib "$@"; }

mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t tmpfs tmpfs /run
mount -t tmpfs tmpfs /mnt
mount -t tmpfs tmpfs /var/lib
mkdir -p /mnt/disk /mnt/a /mnt/b /run/netns /run/rpcbind /run/lock \
    /var/lib/nfs/v4recovery /var/lib/nfs/rpc_pipefs
touch /var/lib/nfs/etab
cp -a /etc /run/etc
mount --bind /run/etc /etc
cp "$NFS_ROOT/etc/netconfig" /etc
echo "_rpc:x:130:65534::/run/rpcbind:/bin/false" >>/etc/passwd
echo "mailer:x:5000:5000::/mnt:/bin/false" >>/etc/passwd
printf 'sunrpc 111/tcp rpcbind\nsunrpc 111/udp rpcbind\nnfs 2049/tcp\n' \
    >>/etc/services
chown 130 /run/rpcbind
ln -s "`PATH=$path command -v kmod`" /run/modprobe
mkdir /run/lib
ln -s "$NFS_ROOT/usr/lib/uml/modules" /run/lib/modules
for m in veth sunrpc lockd nfs_acl nfsd nfs nfsv3 nfsv4; do
	nfs /run/modprobe -d /run $m
done
mount -t nfsd nfsd /proc/fs/nfsd
mount /dev/ubda /mnt/disk
ip link set lo up
nfs rpcbind
nfs exportfs -i -o rw,no_root_squash,insecure,no_subtree_check,fsid=0 \
    '*:/mnt/disk'
echo 10 >/proc/fs/nfsd/nfsv4leasetime
echo 10 >/proc/fs/nfsd/nfsv4gracetime
nfs rpc.nfsd 4
echo Y >/proc/fs/nfsd/v4_end_grace
nfs rpc.mountd
net=1
for name in a b; do
	ip netns add $name
	ip link add v$name type veth peer name eth0 netns $name
	ip addr add 10.0.$net.1/24 dev v$name
	ip link set v$name up
	ip netns exec $name ip addr add 10.0.$net.2/24 dev eth0
	ip netns exec $name ip link set eth0 up
	nfs nsenter --net=/run/netns/$name mount.nfs4 10.0.$net.1:/ \
	    /mnt/$name -o "$NFS_OPTIONS"
	net=$((net + 1))
done
echo "NFS: `grep -c ' nfs4 ' /proc/mounts` mounts"
export TMPDIR=/run NFS_INSIDE=1
perl "$NFS_JOB"
echo 'NFS: end'
umount /mnt/a /mnt/b
echo o >/proc/sysrq-trigger
sleep 60
