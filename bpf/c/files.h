/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Files: from a descriptor or a directory to a small number that user space has a name for. */
#ifndef IOR_FILES_H
#define IOR_FILES_H

#include "maps.h"

#define FAST_STEPS 10	/* names hashed without a callback; deeper paths take the slower loop */
#define OWN_NAME_BYTES 24	/* with its end: `[landlock-ruleset]` has 18 */

static __always_inline u64 mix(u64 hash, u64 word)
{
	hash = (hash ^ word) * 0x9E3779B97F4A7C15ULL;
	return hash ^ (hash >> 29);
}

/*
 * One step up: past a name, or from the root of a mount to its mount point. The chain's hash covers the hash and
 * length of each name (the kernel salts a name's hash with the address of its directory), so a rename or a mount
 * anywhere above a file changes it.
 */
static __always_inline void step_up(struct place *p, u64 parent)
{
	if (p->dentry == p->root || parent == p->dentry) {
		u64 above = (u64)LOAD(mount, p->mount, mnt_parent);
		if (above == p->mount) {
			p->done = 1;
			return;
		}
		p->dentry = (u64)LOAD(mount, p->mount, mnt_mountpoint);
		p->mount = above;
		p->root = (u64)LOAD(mount, above, mnt.mnt_root);
		p->hash = mix(p->hash, 0);
		return;
	}
	p->hash = mix(p->hash, LOAD(dentry, p->dentry, d_name.hash_len));
	p->dentry = parent;
}

static long hash_step(void *map, u32 *key, u64 *value, struct place *p)
{
	step_up(p, (u64)LOAD(dentry, p->dentry, d_parent));
	return p->done & 1;
}

static long name_step(void *map, u32 *key, u64 *value, void *none)
{
	u32 zero = 0;
	struct file_scratch *s = bpf_map_lookup_elem(&scratch, &zero);

	if (!s)
		return 1;
	struct place *p = &s->place;
	u64 dentry = p->dentry, parent = (u64)LOAD(dentry, dentry, d_parent);
	bool is_name = !(dentry == p->root || parent == dentry);

	if (is_name) {
		u32 at = p->length;
		if (at >= WALK_MAX)
			return 1;
		long n = bpf_probe_read_kernel_str(&s->data[at & (WALK_MAX - 1)], NAME_BYTES, LOAD(dentry, dentry, d_name.name));
		if (n <= 0)
			return 1;
		p->length = at + n;
	}
	step_up(p, parent);
	return p->done & 1;
}

static __always_inline struct place place_of(u64 dentry, u64 mnt)
{
	struct place p = { .dentry = dentry, .root = (u64)LOAD(vfsmount, mnt, mnt_root) };

	p.mount = mnt - bpf_core_field_offset(struct mount, mnt);
	return p;
}

__noinline u64 chain_slow(u64 dentry, u64 mnt)
{
	struct place p = place_of(dentry, mnt);

	bpf_for_each_map_elem(&steps, hash_step, &p, 0);
	return p.hash;
}

static __always_inline u64 chain_of(u64 dentry, u64 mnt)
{
	struct place p = place_of(dentry, mnt);

	for (int i = 0; i < FAST_STEPS; i++) {
		step_up(&p, (u64)LOAD(dentry, p.dentry, d_parent));
		if (p.done)
			return p.hash;
	}
	return chain_slow(dentry, mnt);
}

static __always_inline u64 sock_of(u64 inode)
{
	return (u64)LOAD(socket_alloc, inode - bpf_core_field_offset(struct socket_alloc, vfs_inode), socket.sk);
}

static __always_inline u64 inode_of_sock(u64 sk)
{
	u64 socket = (u64)LOAD(sock, sk, sk_socket);

	return socket ? LOAD(inode, socket + bpf_core_field_offset(struct socket_alloc, vfs_inode), i_ino) : 0;
}

static __always_inline void read_address(void *to, u64 from)
{
	if (bpf_probe_read_kernel(to, sizeof(struct in6_addr), (void *)from))
		__builtin_memset(to, 0, sizeof(struct in6_addr));
}

/*
 * The port that getsockname() returns. skc_num becomes 0 once both ends of a connection have closed, while inet_sport
 * stays; but inet_sport also stays after a refused connection, when the socket no longer has an address.
 */
static __always_inline u16 local_port(u64 sk)
{
	if (!LOAD(sock, sk, __sk_common.skc_num) && !LOAD(sock, sk, __sk_common.skc_dport))
		return 0;
	return __builtin_bswap16(LOAD(inet_sock, sk, inet_sport));
}

/* Hash of what a socket's name is made of besides its inode: bind, connect and accept change it. */
__noinline u64 socket_chain(u64 inode)
{
	u64 sk = sock_of(inode), hash;
	u16 family;

	if (!sk)
		return 0;
	hash = 0;
	family = LOAD(sock, sk, __sk_common.skc_family);

	if (family == AF_UNIX) {
		u64 peer = (u64)LOAD(unix_sock, sk, peer), address = (u64)LOAD(unix_sock, sk, addr);
		return mix(mix(hash, peer ? inode_of_sock(peer) : 0), address ? LOAD(unix_address, address, len) : 0);
	}
	if (family == AF_NETLINK)
		return LOAD(netlink_sock, sk, portid);
	if (family != AF_INET && family != AF_INET6)
		return 0;
	hash = mix(local_port(sk), LOAD(sock, sk, __sk_common.skc_dport));
	hash = mix(hash, LOAD(sock, sk, __sk_common.skc_daddr));
	hash = mix(hash, LOAD(sock, sk, __sk_common.skc_rcv_saddr));
	if (family == AF_INET6) {
		u64 words[4];
		read_address(&words[0], sk + bpf_core_field_offset(struct sock, __sk_common.skc_v6_rcv_saddr));
		read_address(&words[2], sk + bpf_core_field_offset(struct sock, __sk_common.skc_v6_daddr));
		for (int i = 0; i < 4; i++)
			hash = mix(hash, words[i]);
	}
	return hash;
}

static __always_inline void name_socket(struct socket_name *name, u64 sk)
{
	u16 family = LOAD(sock, sk, __sk_common.skc_family);

	__builtin_memset(__builtin_assume_aligned(name, 8), 0, sizeof(*name));
	name->family = family;
	name->type = LOAD(sock, sk, sk_type);
	name->protocol = LOAD(sock, sk, sk_protocol);
	if (family == AF_INET || family == AF_INET6) {
		name->local_port = local_port(sk);
		name->peer_port = __builtin_bswap16(LOAD(sock, sk, __sk_common.skc_dport));
	}
	if (family == AF_INET) {
		name->local[0] = LOAD(sock, sk, __sk_common.skc_rcv_saddr);
		name->peer[0] = LOAD(sock, sk, __sk_common.skc_daddr);
	} else if (family == AF_INET6) {
		read_address(name->local, sk + bpf_core_field_offset(struct sock, __sk_common.skc_v6_rcv_saddr));
		read_address(name->peer, sk + bpf_core_field_offset(struct sock, __sk_common.skc_v6_daddr));
	} else if (family == AF_NETLINK) {
		name->local[0] = LOAD(netlink_sock, sk, portid);
	} else if (family == AF_UNIX) {
		u64 peer = (u64)LOAD(unix_sock, sk, peer);
		u64 addr = (u64)LOAD(unix_sock, sk, addr);
		if (peer)
			name->peer[0] = inode_of_sock(peer);
		if (addr) {
			u32 length = LOAD(unix_address, addr, len) - 2;
			if (length > sizeof(name->path))
				length = sizeof(name->path);
			name->path_length = length;
			bpf_probe_read_kernel(name->path, sizeof(((struct sockaddr_un *)0)->sun_path),
					      (void *)(addr + bpf_core_field_offset(struct unix_address, name) + 2));
		}
	}
}

/* False when user space may soon drop the name from its table. */
static __always_inline bool is_recent(u32 id)
{
	return next_file - id < FILE_AGE;
}

static __always_inline u32 new_file_number(void)
{
	u32 id = __sync_fetch_and_add(&next_file, 1) + 1;

	return id % FILE_SLOTS ? id : __sync_fetch_and_add(&next_file, 1) + 1; /* slot 0 stands for no file */
}

/* Sends the name of a file and returns its new number; 0 when the ring is full. */
__noinline u32 announce_file(u64 dentry, u64 mnt, u64 inode, struct file_key *key)
{
	u32 zero = 0, id, length = 0;
	struct file_scratch *s = bpf_map_lookup_elem(&scratch, &zero);

	if (!s || !key)
		return 0;
	struct file_key copy = *key; /* older kernels only take keys that are on the stack */
	u64 sb = (u64)LOAD(inode, inode, i_sb), operations = (u64)LOAD(dentry, dentry, d_op);
	u64 parent = (u64)LOAD(dentry, dentry, d_parent);
	id = new_file_number();
	s->record.nr = BIG_NR;
	s->record.kind = NAME_FILE;
	s->record.flags = CALL_NAME;
	s->record.file_id = id;
	s->record.inode = LOAD(inode, inode, i_ino);
	s->record.device = LOAD(super_block, sb, s_dev);
	s->record.magic = LOAD(super_block, sb, s_magic);
	s->record.status = key->inode & KEY_DELETED ? FILE_DELETED : 0;
	if (s->record.magic == SOCKFS_MAGIC && sock_of(inode)) {
		s->record.type = FILE_SOCKET;
		name_socket((struct socket_name *)s->data, sock_of(inode));
		length = sizeof(struct socket_name);
	} else if (s->record.magic == NSFS_MAGIC) {
		u64 ops = (u64)LOAD(ns_common, LOAD(inode, inode, i_private), ops);
		long n = bpf_probe_read_kernel_str(s->data, NAME_BYTES, LOAD(proc_ns_operations, ops, name));
		s->record.type = FILE_NAMED;
		length = n > 0 ? n : 0;
	} else if (operations && LOAD(dentry_operations, operations, d_dname) && dentry == parent) {
		long n = bpf_probe_read_kernel_str(s->data, NAME_BYTES, LOAD(dentry, dentry, d_name.name));
		s->record.type = FILE_NAMED;
		length = n > 0 ? n : 0;
	} else {
		s->place = place_of(dentry, mnt);
		s->record.type = FILE_PATH;
		bpf_for_each_map_elem(&steps, name_step, NULL, 0);
		length = s->place.length;
		if (!s->place.done)
			s->record.status |= FILE_TRUNCATED;
	}
	if (length > sizeof(s->data))
		length = sizeof(s->data);
	s->record.length = length;
	if (bpf_ringbuf_output(&ring, s, sizeof(s->record) + length, BPF_RB_NO_WAKEUP))
		return 0;
	bpf_map_update_elem(&files, &copy, &id, BPF_ANY);
	return id;
}

/*
 * Completes the key of a dentry that is in no directory's hash table: d_unlinked() takes it for deleted, unless it is the root of
 * a tree or has no directory. The kernel does not hash the name of one without a directory (alloc_file_pseudo() in
 * fs/file_table.c), and anonymous files share one inode: only the name tells an `[eventpoll]` from a `[timerfd]` whose
 * dentry has taken its memory.
 */
__noinline int key_unhashed(struct file_key *key)
{
	u64 words[OWN_NAME_BYTES / 8] = {}, dentry;

	if (!key)
		return 0;
	dentry = key->dentry;
	if ((u64)LOAD(dentry, dentry, d_parent) != dentry) {
		key->inode |= KEY_DELETED;
		return 0;
	}
	if (!(LOAD(dentry, dentry, d_name.hash_len) >> 32))
		return 0; /* pipes have no name, and each has an inode */
	bpf_probe_read_kernel_str(words, sizeof(words), LOAD(dentry, dentry, d_name.name));
	for (int i = 0; i < OWN_NAME_BYTES / 8; i++)
		key->chain = mix(key->chain, words[i]);
	return 0;
}

/*
 * Returns the number of the file in s; 0, with the call marked as lost, when its name could not be sent. `slot` picks
 * the entry of the thread's cache: the descriptor, so that a few files used in turn do not evict each other.
 */
__noinline u32 intern(struct task_state *s, u32 slot)
{
	if (!s)
		return 0;
	u64 dentry = s->dentry, mnt = s->mnt, inode = s->inode;
	if (!dentry || !inode)
		return 0;
	struct file_key key = { .dentry = dentry };
	u16 mode = LOAD(inode, inode, i_mode);

	key.inode = LOAD(inode, inode, i_ino) & ~KEY_DELETED;
	if ((mode & S_IFMT) == S_IFSOCK && LOAD(super_block, LOAD(inode, inode, i_sb), s_magic) == SOCKFS_MAGIC) {
		key.chain = socket_chain(inode);
	} else {
		key.chain = chain_of(dentry, mnt);
		if (!LOAD(dentry, dentry, d_hash.pprev))
			key_unhashed(&key);
	}
	struct cached_file *cached = &s->cache[slot & (CACHED_FILES - 1)];
	if (cached->key.dentry == dentry && cached->key.chain == key.chain && cached->key.inode == key.inode &&
	    is_recent(cached->id))
		return cached->id;
	u32 *known = bpf_map_lookup_elem(&files, &key);
	u32 id = known && is_recent(*known) ? *known : announce_file(dentry, mnt, inode, &key);
	if (!id) {
		s->call.lost = LOST_RING;
		return 0;
	}
	cached->key = key;
	cached->id = id;
	return id;
}

static __always_inline u32 intern_path(struct task_state *s, struct path *path)
{
	struct dentry *dentry = path->dentry;

	if (!dentry)
		return 0;
	s->dentry = (u64)dentry;
	s->mnt = (u64)path->mnt;
	s->inode = (u64)dentry->d_inode;
	return intern(s, CACHED_FILES - 1);
}

/* struct file * of a descriptor, from the task's own table; 0 when it is not open. */
static __always_inline u64 file_of(struct task_struct *task, u32 fd)
{
	struct fdtable *table = TASK(task, files)->fdt;

	if (fd >= table->max_fds)
		return 0;
	/* Reads one pointer: list_head stands for any object that starts with one. */
	return (u64)LOAD(list_head, (u64)table->fd + 8 * (u64)fd, next);
}

static __always_inline u32 intern_file(struct task_state *s, u64 file, u32 slot)
{
	s->dentry = (u64)LOAD(file, file, f_path.dentry);
	s->mnt = (u64)LOAD(file, file, f_path.mnt);
	s->inode = (u64)LOAD(file, file, f_inode);
	return intern(s, slot);
}

static __always_inline u32 intern_fd(struct task_state *s, struct task_struct *task, u32 fd)
{
	u64 file = file_of(task, fd);

	return file ? intern_file(s, file, fd) : 0;
}

#endif
