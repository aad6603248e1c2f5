// The kernel as StageInit sees it: raw system calls, -errno returned, no C library.
//
// Pid 1 of a pod links nothing: neither the host's dynamic loader nor its libc is mapped into the pod, and a
// start costs one exec. What the compilers emit calls to (memcpy and the like, an allocator) is here too.
#ifndef STAGE_INIT_SHIM_H
#define STAGE_INIT_SHIM_H

#include "appc_plan.h"

#include <stdint.h>

typedef const uint8_t *_Nonnull bytes_t;  // NUL-terminated

// Descriptors and files.
int32_t k_close(int32_t fd);
int32_t k_close_from(int32_t first);
int32_t k_close_on_exec_from(int32_t first);
int32_t k_duplicate(int32_t fd, int32_t as);
int64_t k_read(int32_t fd, void *_Nonnull buffer, uint64_t size);
int64_t k_write(int32_t fd, const void *_Nonnull buffer, uint64_t size);
int64_t k_send(int32_t fd, const void *_Nonnull packet, uint64_t size);
int64_t k_receive(int32_t fd, void *_Nonnull packet, uint64_t size);
int32_t k_packet_pair(int32_t *_Nonnull both);
const uint8_t *_Nullable k_map(int32_t fd, uint64_t *_Nonnull size);
int32_t k_open(bytes_t path, int32_t flags);
int32_t k_create_at(int32_t directory, bytes_t path);
int32_t k_rename_at(int32_t directory, bytes_t from, bytes_t to);
int32_t k_make_directory_at(int32_t directory, bytes_t path, uint32_t mode);
int32_t k_make_device_at(int32_t directory, bytes_t path, uint32_t mode, uint32_t major, uint32_t minor);
int32_t k_symlink_at(bytes_t text, int32_t directory, bytes_t path);
int32_t k_unlink_at(int32_t directory, bytes_t path);
int32_t k_change_directory(bytes_t path);
int32_t k_executable(bytes_t path);
int32_t k_give_pipe(int32_t fd, uint32_t uid);
int32_t k_inside_root(void);

// openat2: a path, in the directory as if that were the root; or strictly beneath it, through no link.
// kind: 0 path only, 1 directory's path only, 2 for writing.
int32_t k_open_in_root(int32_t root, bytes_t path, int32_t kind);
int32_t k_open_beneath(int32_t root, bytes_t path, int32_t kind);
// The same as in-root, but only on the root's own mount: -EXDEV inside a volume.
int32_t k_open_own_directory(int32_t root, bytes_t path);
int32_t k_is_directory(int32_t fd);

// Mounts. Attributes are MOUNT_ATTR_*; k_set_attributes sets them on the whole tree, k_restrict on one mount.
int32_t k_make_private(void);
int32_t k_new_filesystem(bytes_t type);
int32_t k_set_option(int32_t filesystem, bytes_t key, bytes_t value);
int32_t k_finish_filesystem(int32_t filesystem, uint32_t attributes);
int32_t k_clone_tree(int32_t fd);
int32_t k_set_attributes(int32_t mount, uint32_t attributes);
int32_t k_restrict(int32_t mount, uint32_t attributes);
int32_t k_attach(int32_t mount, int32_t target);
int32_t k_attach_at(int32_t mount, bytes_t path);
int32_t k_pivot(int32_t root);

// The pod's other namespaces.
int32_t k_cgroup_namespace(void);
int32_t k_hostname(const void *_Nonnull name, uint64_t size);
int32_t k_loopback_up(void);

// Processes. k_fork starts a child in a mount namespace of its own and, if cgroup >= 0, in that cgroup.
int32_t k_fork(int32_t cgroup);
void k_exit(int32_t status) __attribute__((noreturn));
int32_t k_wait(int32_t *_Nonnull status);
int32_t k_kill(int32_t pid, int32_t signal);
int32_t k_new_session(void);
int32_t k_new_keyring(void);
int32_t k_block_signals(void);
int32_t k_unblock_signals(void);
int32_t k_signal_descriptor(void);
int32_t k_poll2(int32_t first, int32_t second, int32_t *_Nonnull ready);
// Waits for `gate`: 1 when there is something, 0 when the other end of `launcher` has gone first, 2 after 100 ms.
int32_t k_await(int32_t gate, int32_t launcher);
int32_t k_execute(bytes_t path, const uint8_t *_Nullable const *_Nonnull arguments,
                  const uint8_t *_Nullable const *_Nonnull environment);
void k_umask(uint32_t mask);

// Credentials.
int32_t k_limit_capabilities(uint32_t low, uint32_t high);
int32_t k_forget_inheritable(void);
int32_t k_set_groups(const uint32_t *_Nonnull groups, uint64_t count);
int32_t k_set_gid(uint32_t gid);
int32_t k_set_uid(uint32_t uid);
int32_t k_no_new_privileges(void);
// Gives every capability up for good but the one to signal processes of any user.
int32_t k_keep_only_kill(void);

#endif
