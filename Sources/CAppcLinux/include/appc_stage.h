// Calls of the launcher: processes, namespaces' raw material and mounts.
#ifndef APPC_STAGE_H
#define APPC_STAGE_H

#include <stddef.h>
#include <stdint.h>

// Starts a program in new namespaces and returns its pid, or -errno.
//
// The child shares the caller's memory until it has exec'd, so it runs on a stack of its own, makes raw
// system calls only, and touches nothing else. The call blocks the calling thread until then. Every signal
// disposition and the mask are reset; of the caller's descriptors the child keeps `descriptors` alone, as
// numbers 0 ... count - 1 in order.
//
// flags: CLONE_NEW* of <sched.h>; CLONE_INTO_CGROUP is added when cgroup >= 0.
// executable: a descriptor of the program. arguments, environment: NULL-terminated.
// pidfd: receives a descriptor of the child. A failed setup or exec is returned as -errno, and leaves no child.
int appc_spawn(
    uint64_t flags, int cgroup, int executable, const int *_Nonnull descriptors, uint32_t count,
    char *_Nullable const *_Nonnull arguments, char *_Nullable const *_Nonnull environment,
    int *_Nonnull pidfd);

// The namespaces of a pod, as clone flags.
uint64_t appc_namespace_flags(int pid, int mount, int ipc, int uts, int network);

// memfd_create, allowing seals and execution; and the seals that make it immutable for good.
int appc_memfd(const char *_Nonnull name);
int appc_seal(int descriptor);

// Waits for the child behind a pidfd. Returns 0 and the wait status, or -errno;
// -ECHILD when somebody else has waited for it already.
int appc_wait_pidfd(int pidfd, int *_Nonnull status);
int appc_signal_pidfd(int pidfd, int signal);

// A detached clone of the mount at a path beneath `directory`, private to whoever holds it. flags:
// APPC_TREE_*. Returns a descriptor, or -errno.
#define APPC_TREE_RECURSIVE 1u
#define APPC_TREE_READ_ONLY 2u
#define APPC_TREE_NO_SUID 4u
#define APPC_TREE_NO_DEV 8u
#define APPC_TREE_NO_FOLLOW 16u
int appc_detached_tree(int directory, const char *_Nonnull path, uint32_t flags);

// openat2 with a resolve mask, for root resolution in an image's tree. Returns a descriptor, or -errno.
#define APPC_RESOLVE_IN_ROOT 1u
#define APPC_RESOLVE_NO_SYMLINKS 2u
int appc_stage_open(int directory, const char *_Nonnull path, uint64_t flags, uint32_t resolve);

// The O_PATH flag, which Glibc's Swift module lacks.
uint64_t appc_o_path(void);

// Socket pair of packets; both ends close on exec. Returns 0 or -errno.
int appc_packet_pair(int *_Nonnull first, int *_Nonnull second);

// poll on one descriptor for reading: 1 when readable or hung up, 0 after `milliseconds` (-1: no limit), -errno.
int appc_poll_read(int descriptor, int milliseconds);

// Attaches a device-access program to a v2 cgroup: everything refused but `count` rules of
// {major, minor, access}; APPC_ANY matches all; access bits: 1 mknod, 2 read, 4 write. Returns 0 or -errno.
#define APPC_ANY 0xffffffffu
int appc_attach_device_rules(int cgroup, const uint32_t *_Nonnull rules, uint32_t count);

#endif
