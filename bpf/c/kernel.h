/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * The kernel types that ior reads. Only the fields used are declared; every access is relocated at load
 * against the running kernel's BTF, so neither order nor size matters here.
 */
#ifndef IOR_KERNEL_H
#define IOR_KERNEL_H

#include "types.h"

typedef _Bool bool;
#define true 1
#define false 0
#define NULL ((void *)0)

/* include/uapi/linux/bpf.h */
enum bpf_map_type {
	BPF_MAP_TYPE_HASH = 1,
	BPF_MAP_TYPE_ARRAY = 2,
	BPF_MAP_TYPE_PROG_ARRAY = 3,
	BPF_MAP_TYPE_PERCPU_ARRAY = 6,
	BPF_MAP_TYPE_LRU_HASH = 9,
	BPF_MAP_TYPE_ARRAY_OF_MAPS = 12,
	BPF_MAP_TYPE_RINGBUF = 27,
	BPF_MAP_TYPE_TASK_STORAGE = 29,
};
enum { BPF_F_NO_PREALLOC = 1, BPF_F_MMAPABLE = 1 << 10 };
enum { BPF_ANY = 0, BPF_NOEXIST = 1 };
enum { BPF_LOCAL_STORAGE_GET_F_CREATE = 1 };
enum { BPF_RB_NO_WAKEUP = 1 };
enum { BPF_RB_AVAIL_DATA = 0 };

/* include/uapi and include/linux */
#define AT_FDCWD -100
#define MOVE_MOUNT_F_EMPTY_PATH 0x4
#define NAME_MAX 255
#define MSG_PEEK 0x02
#define MSG_TRUNC 0x20
#define S_IFMT 0170000
#define S_IFREG 0100000
#define S_IFSOCK 0140000
#define AF_UNIX 1
#define AF_INET 2
#define AF_INET6 10
#define AF_NETLINK 16
#define PIPEFS_MAGIC 0x50495045
#define SOCKFS_MAGIC 0x534F434B
#define NSFS_MAGIC 0x6e736673
#define SIG_IGN 1
#define SB_KERNMOUNT (1 << 22)	/* include/linux/fs.h: a mount that the kernel made for itself */
#define MNT_NS_INTERNAL (-22)	/* fs/mount.h: the namespace of mounts that are in none, as a pointer */
#define EBUSY 16
#define MAX_PID_NS_LEVEL 32	/* include/linux/pid_namespace.h */

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

#if defined(__TARGET_ARCH_x86)
struct pt_regs {
	unsigned long di, si, dx, r10, r8, r9, bx, cx, bp, sp, ip, ax, orig_ax;
};
/* arch/x86/include/asm/thread_info.h: TS_COMPAT is set while a call of the 32-bit table runs. */
#define TS_COMPAT 0x0002
struct thread_info {
	u32 status;
};
#elif defined(__TARGET_ARCH_arm64)
struct pt_regs {
	u64 regs[31], sp, pc;
	s32 syscallno;
};
/* arch/arm64/include/asm/thread_info.h: TIF_32BIT. */
#define TIF_32BIT 22
struct thread_info {
	unsigned long flags;
};
#endif

struct list_head {
	struct list_head *next;
};
struct hlist_bl_node {
	struct hlist_bl_node **pprev;
};
struct qstr {
	u64 hash_len;
	const unsigned char *name;
};
struct super_block {
	u32 s_dev;
	unsigned long s_flags;
	unsigned long s_magic;
};
typedef struct {
	int counter;
} atomic_t;
struct inode {
	u16 i_mode;
	struct super_block *i_sb;
	unsigned long i_ino;
	atomic_t i_writecount;
	void *i_private;
};
struct address_space {
	struct inode *host;
};
struct dentry;
struct dentry_operations {
	char *(*d_dname)(struct dentry *, char *, int);
};
struct dentry {
	struct hlist_bl_node d_hash;
	struct dentry *d_parent;
	struct qstr d_name;
	struct inode *d_inode;
	const struct dentry_operations *d_op;
	struct super_block *d_sb;
};
struct vfsmount {
	struct dentry *mnt_root;
};
struct mount {
	struct mount *mnt_parent;
	struct dentry *mnt_mountpoint;
	struct vfsmount mnt;
	struct mnt_namespace *mnt_ns;
};
struct path {
	struct vfsmount *mnt;
	struct dentry *dentry;
};
struct file {
	struct path f_path;
	struct inode *f_inode;
	struct address_space *f_mapping;
};
/* Since 6.8: a file that a file system opened of another, for one that a program opened under `user_path`. */
struct backing_file {
	struct file file;
	struct path user_path;
};
struct vm_area_struct {
	struct file *vm_file;
};
struct fdtable {
	unsigned int max_fds;
	struct file **fd;
};
struct files_struct {
	struct fdtable *fdt;
};
struct fs_struct {
	struct path root, pwd;
};

typedef struct {
	u32 val;
} kuid_t;
typedef struct {
	u32 val;
} kgid_t;
struct cred {
	kuid_t uid;
	kgid_t gid;
};
struct kernfs_node {
	struct kernfs_node *parent;
	const char *name;
	u64 id;
};
/* Since 6.15. */
struct kernfs_node___rcu {
	struct kernfs_node *__parent;
};
struct cgroup {
	struct kernfs_node *kn;
};
struct css_set {
	struct cgroup *dfl_cgrp;
};
struct proc_ns_operations {
	const char *name;
};
struct ns_common {
	const struct proc_ns_operations *ops;
	unsigned int inum;
};
struct pid_namespace {
	struct ns_common ns;
};
struct upid {
	int nr;
	struct pid_namespace *ns;
};
struct pid {
	unsigned int level;
	struct upid numbers[1];
};
struct signal_struct {
	atomic_t live;
};
struct mm_struct {
	unsigned long start_code, end_code;
	struct file *exe_file;
};
struct task_struct {
	struct thread_info thread_info;
	unsigned int __state;
	int pid, tgid;
	unsigned in_iowait : 1;
	struct task_struct *real_parent, *group_leader;
	struct pid *thread_pid;
	u64 start_boottime;
	const struct cred *real_cred;
	char comm[16];
	struct fs_struct *fs;
	struct files_struct *files;
	struct signal_struct *signal;
	struct css_set *cgroups;
	struct mm_struct *mm;
	u64 self_exec_id;
};
struct sigaction {
	void *sa_handler;
};
struct k_sigaction {
	struct sigaction sa;
};
struct linux_binprm {
	const char *filename;
};

struct in6_addr {
	union {
		u32 u6_addr32[4];
	} in6_u;
};
struct sock_common {
	__be32 skc_daddr, skc_rcv_saddr;
	__be16 skc_dport;
	u16 skc_num;
	u16 skc_family;
	struct in6_addr skc_v6_daddr, skc_v6_rcv_saddr;
};
struct sock {
	struct sock_common __sk_common;
	u16 sk_type, sk_protocol;
	struct socket *sk_socket;
};
struct socket {
	struct sock *sk;
};
struct socket_alloc {
	struct socket socket;
	struct inode vfs_inode;
};
struct sockaddr_un {
	u16 sun_family;
	char sun_path[108];
};
struct unix_address {
	int len;
	struct sockaddr_un name[0];
};
struct unix_sock {
	struct sock sk;
	struct unix_address *addr;
	struct sock *peer;
};

struct inet_sock {
	struct sock sk;
	__be16 inet_sport;
};
struct netlink_sock {
	struct sock sk;
	u32 portid;
};
struct io_cqe {
	u64 user_data;
	int fd;
};
struct io_kiocb {
	struct file *file;
	u8 opcode;
	u64 flags;
	struct io_cqe cqe;
	struct io_ring_ctx *ctx;
};
/* What is kept of a request's arguments, at the request's own address. */
struct io_open {
	u32 file_slot;
};
struct io_accept {
	u32 file_slot;
};
struct io_socket {
	u32 file_slot;
};
struct io_close {
	int fd;
	u32 file_slot;
};
struct io_uring_cqe {
	u64 user_data;
	s32 res;
	u32 flags;
};

enum pageflags {
	PG_head,
};
struct folio {
	unsigned long flags;
	struct address_space *mapping;
	unsigned int _nr_pages;	/* of a large one */
};
/* Since 6.18. */
struct folio___6_18 {
	struct {
		unsigned long f;
	} flags;
};
/* Until 6.15. */
struct folio___6_1 {
	unsigned int _folio_nr_pages;
};

#pragma clang attribute pop

/* Context of iter/task (include/linux/bpf.h, BPF_ITER): two pointers, not relocated. */
struct bpf_iter__task {
	u64 meta;
	struct task_struct *task;
};

/* Context of perf_event (include/uapi/linux/bpf_perf_event.h), laid out by the ABI: not relocated. */
struct bpf_perf_event_data {
#if defined(__TARGET_ARCH_x86)
	u64 regs[21];
#elif defined(__TARGET_ARCH_arm64)
	u64 regs[34];
#endif
	u64 sample_period, addr;
};

/* Context of raw_tp: the arguments of the tracepoint. */
struct bpf_raw_tracepoint_args {
	u64 args[0];
};

/* User memory, laid out by the ABI: not relocated. */
struct user_iovec {
	u64 base, len;
};
struct user_msghdr {
	u64 name;
	u32 namelen, pad;
	u64 iov, iovlen;
};

/* The same of 32-bit programs. */
struct compat_iovec {
	u32 base, len;
};
struct compat_msghdr {
	u32 name, namelen, iov, iovlen;
};

#endif
