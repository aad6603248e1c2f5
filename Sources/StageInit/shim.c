#include "shim.h"

#include <asm/unistd.h>
#include <linux/capability.h>
#include <linux/fcntl.h>
#include <linux/mount.h>
#include <linux/openat2.h>
#include <linux/prctl.h>
#include <linux/sched.h>
#include <stdbool.h>
#include <stddef.h>

enum {
  o_rdonly = 0, o_wronly = 1, o_creat = 0100, o_trunc = 01000, o_cloexec = 02000000,
#if defined(__aarch64__)
  o_directory = 040000, o_nofollow = 0100000,
#else
  o_directory = 0200000, o_nofollow = 0400000,
#endif
  o_path = 010000000,
  at_fdcwd = -100, at_empty_path = 0x1000, at_recursive = 0x8000,
  sig_block = 0, sig_setmask = 2, sigchld = 17, eintr = 4, eagain = 11, enoexec = 8, enotdir = 20,
  eacces = 13, exdev = 18,
};

#if defined(__x86_64__)
__asm__(
    ".text\n.globl _start\n_start:\n"
    "xorl %ebp, %ebp\nandq $-16, %rsp\ncall stage_init_begin\nhlt\n"
    ".globl k_restorer\nk_restorer:\nmovl $15, %eax\nsyscall\nhlt\n");
static long call(long n, long a, long b, long c, long d, long e, long f) {
  long result;
  register long r10 __asm__("r10") = d;
  register long r8 __asm__("r8") = e;
  register long r9 __asm__("r9") = f;
  __asm__ volatile("syscall"
                   : "=a"(result)
                   : "a"(n), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                   : "rcx", "r11", "memory");
  return result;
}
#elif defined(__aarch64__)
__asm__(
    ".text\n.globl _start\n_start:\n"
    "mov x29, xzr\nmov x30, xzr\nbl stage_init_begin\nbrk #1\n"
    ".globl k_restorer\nk_restorer:\nmov x8, #139\nsvc #0\nbrk #1\n");
static long call(long n, long a, long b, long c, long d, long e, long f) {
  register long x8 __asm__("x8") = n;
  register long x0 __asm__("x0") = a;
  register long x1 __asm__("x1") = b;
  register long x2 __asm__("x2") = c;
  register long x3 __asm__("x3") = d;
  register long x4 __asm__("x4") = e;
  register long x5 __asm__("x5") = f;
  __asm__ volatile("svc #0"
                   : "+r"(x0)
                   : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
                   : "memory");
  return x0;
}
#endif

void k_restorer(void);
int32_t stage_init_main(void);

// Variadic in appearance only: missing arguments are zero.
#define SYS6(n, a, b, c, d, e, f, ...) call(__NR_##n, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), (long)(f))
#define SYS(n, ...) SYS6(n, __VA_ARGS__, 0, 0, 0, 0, 0, 0)

// What compiled code calls by itself.

void *memset(void *to, int value, size_t n) {
  volatile uint8_t *p = to;
  while (n--) *p++ = (uint8_t)value;
  return to;
}
void *memcpy(void *restrict to, const void *restrict from, size_t n) {
  uint8_t *t = to;
  const uint8_t *f = from;
  for (size_t i = 0; i < n; i++) {
    t[i] = f[i];
    __asm__ volatile("" ::: "memory");  // or the compiler makes this loop a call of memcpy
  }
  return to;
}
void *memmove(void *to, const void *from, size_t n) {
  uint8_t *t = to;
  const uint8_t *f = from;
  if (t <= f) return memcpy(to, from, n);
  while (n--) {
    t[n] = f[n];
    __asm__ volatile("" ::: "memory");
  }
  return to;
}
int memcmp(const void *a, const void *b, size_t n) {
  const uint8_t *x = a, *y = b;
  for (; n--; x++, y++)
    if (*x != *y) return *x - *y;
  return 0;
}

// An allocator for a process that keeps a handful of small arrays: a free list for each power of two, fed
// from one static page run and then from the kernel. A block's class lies in the 16 bytes before it.
enum { smallest_class = 5, classes = 28 };
static struct block { struct block *next; } *released[classes];
static uint8_t arena[32 << 10] __attribute__((aligned(16)));
static size_t arena_used;

void *malloc(size_t n) {
  if (n > (size_t)2 * APPC_PLAN_LIMIT) return NULL;
  unsigned class = smallest_class;
  while (((size_t)1 << class) < n + 16) class++;
  if (class >= classes) return NULL;
  if (released[class] != NULL) {
    struct block *block = released[class];
    released[class] = block->next;
    return block;
  }
  size_t size = (size_t)1 << class;
  uint8_t *start;
  if (size <= sizeof arena - arena_used) {
    start = arena + arena_used;
    arena_used += size;
  } else {
    long mapped = SYS(mmap, 0, size < 4096 ? 4096 : size, 3, 0x22, -1, 0);
    if (mapped < 0 && mapped > -4096) return NULL;
    start = (uint8_t *)mapped;
  }
  *(uint64_t *)start = class;
  return start + 16;
}
void free(void *pointer) {
  if (pointer == NULL) return;
  uint64_t class = *(uint64_t *)((uint8_t *)pointer - 16);
  struct block *block = pointer;
  block->next = released[class];
  released[class] = block;
}
int posix_memalign(void **pointer, size_t alignment, size_t n) {
  if (alignment > 16) return 22;
  *pointer = malloc(n);
  return *pointer == NULL ? 12 : 0;
}

// A trap in Swift code is a silent SIGILL: say so to the launcher, then go; the kernel ends the pod. A signal
// that a process of the pod has sent (a code of 0 or less) is none: without a handler the kernel would have
// kept it from pid 1.
static void trapped(int signal, const int32_t *info, void *context) {
  (void)context;
  if (info[2] <= 0) return;
  uint32_t report[4] = {APPC_REPORT_TRAPPED, APPC_NONE, APPC_NONE, (uint32_t)signal};
  SYS(sendto, APPC_INIT_LAUNCHER, report, sizeof report, 0x4000 /* MSG_NOSIGNAL */, 0, 0);
  k_exit(254);
}

__attribute__((used, noreturn)) void stage_init_begin(void) {
  // Before anything else: an app is never to look into this process, whatever capabilities it keeps.
  SYS(prctl, PR_SET_DUMPABLE, 0, 0, 0, 0);
  static const int fatal[] = {4 /* ILL */, 5 /* TRAP */, 7 /* BUS */, 8 /* FPE */, 11 /* SEGV */};
  for (unsigned i = 0; i < sizeof fatal / sizeof *fatal; i++) {
    struct { void *handler; unsigned long flags; void *restorer; uint64_t mask; } action = {
        (void *)trapped, 0x04000000 | 4 /* SA_RESTORER | SA_SIGINFO */, (void *)k_restorer, 0};
    SYS(rt_sigaction, fatal[i], &action, 0, 8);
  }
  k_exit(stage_init_main());
}

// Descriptors and files.

int32_t k_close(int32_t fd) { return (int32_t)SYS(close, fd); }
int32_t k_close_from(int32_t first) { return (int32_t)SYS(close_range, first, ~0u, 0); }
int32_t k_close_on_exec_from(int32_t first) { return (int32_t)SYS(close_range, first, ~0u, 4); }
int32_t k_duplicate(int32_t fd, int32_t as) { return (int32_t)SYS(dup3, fd, as, 0); }
int64_t k_read(int32_t fd, void *buffer, uint64_t size) {
  long n;
  do n = SYS(read, fd, buffer, size); while (n == -eintr);
  return n;
}
int64_t k_write(int32_t fd, const void *buffer, uint64_t size) {
  long n;
  do n = SYS(write, fd, buffer, size); while (n == -eintr);
  return n;
}
int64_t k_send(int32_t fd, const void *packet, uint64_t size) {
  return SYS(sendto, fd, packet, size, 0x4000 /* MSG_NOSIGNAL */, 0, 0);
}
int64_t k_receive(int32_t fd, void *packet, uint64_t size) {
  return SYS(recvfrom, fd, packet, size, 0x40 /* MSG_DONTWAIT */, 0, 0);
}
int32_t k_packet_pair(int32_t *both) {
  return (int32_t)SYS(socketpair, 1 /* AF_UNIX */, 5 /* SOCK_SEQPACKET */ | o_cloexec, 0, both);
}
const uint8_t *k_map(int32_t fd, uint64_t *size) {
  long end = SYS(lseek, fd, 0, 2);
  if (end <= 0 || (uint64_t)end > APPC_PLAN_LIMIT) return NULL;
  long mapped = SYS(mmap, 0, end, 1, 2 /* MAP_PRIVATE */, fd, 0);
  if (mapped < 0 && mapped > -4096) return NULL;
  *size = (uint64_t)end;
  return (const uint8_t *)mapped;
}
int32_t k_open(bytes_t path, int32_t flags) {
  return (int32_t)SYS(openat, at_fdcwd, path, flags | o_cloexec, 0);
}
int32_t k_create_at(int32_t directory, bytes_t path) {
  return (int32_t)SYS(openat, directory, path, o_wronly | o_creat | o_trunc | o_nofollow | o_cloexec, 0644);
}
int32_t k_rename_at(int32_t directory, bytes_t from, bytes_t to) {
  return (int32_t)SYS(renameat2, directory, from, directory, to, 0);
}
int32_t k_make_directory_at(int32_t directory, bytes_t path, uint32_t mode) {
  return (int32_t)SYS(mkdirat, directory, path, mode);
}
int32_t k_make_device_at(int32_t directory, bytes_t path, uint32_t mode, uint32_t major, uint32_t minor) {
  uint32_t device = (minor & 0xff) | (major << 8) | ((minor & ~0xffu) << 12);
  return (int32_t)SYS(mknodat, directory, path, 0020000 | mode, device);
}
int32_t k_symlink_at(bytes_t text, int32_t directory, bytes_t path) {
  return (int32_t)SYS(symlinkat, text, directory, path);
}
int32_t k_unlink_at(int32_t directory, bytes_t path) {
  return (int32_t)SYS(unlinkat, directory, path, 0);
}
int32_t k_change_directory(bytes_t path) { return (int32_t)SYS(chdir, path); }

static int32_t mode_of(int32_t directory, bytes_t path, int32_t flags, uint32_t *mode) {
  // struct statx: stx_mode is 28 bytes in.
  uint8_t buffer[256];
  long outcome = SYS(statx, directory, path, flags, 2 /* STATX_MODE */ | 1, buffer);
  if (outcome == 0) *mode = *(uint16_t *)(buffer + 28);
  return (int32_t)outcome;
}
int32_t k_executable(bytes_t path) {
  uint32_t mode;
  int32_t outcome = mode_of(at_fdcwd, path, 0, &mode);
  if (outcome != 0) return outcome;
  if ((mode & 0170000) != 0100000) return -eacces;
  return (int32_t)SYS(faccessat2, at_fdcwd, path, 1 /* X_OK */, 0x200 /* AT_EACCESS */);
}
int32_t k_is_directory(int32_t fd) {
  uint32_t mode;
  int32_t outcome = mode_of(fd, (bytes_t) "", at_empty_path, &mode);
  return outcome != 0 ? outcome : (mode & 0170000) == 0040000;
}
int32_t k_give_pipe(int32_t fd, uint32_t uid) {
  uint32_t mode;
  int32_t outcome = mode_of(fd, (bytes_t) "", at_empty_path, &mode);
  if (outcome != 0 || (mode & 0170000) != 0010000) return outcome;
  // struct statfs begins with its type. A pipe with a name is a file of the host, and stays whose it is.
  long status[16];
  outcome = (int32_t)SYS(fstatfs, fd, status);
  if (outcome != 0 || status[0] != 0x50495045 /* PIPEFS_MAGIC */) return outcome;
  return (int32_t)SYS(fchown, fd, uid, ~0u);
}
int32_t k_inside_root(void) {
  char buffer[4096];
  long n = SYS(getcwd, buffer, sizeof buffer);
  return n < 0 ? (int32_t)n : buffer[0] == '/' ? 0 : -exdev;
}

static int32_t open2(int32_t root, bytes_t path, int32_t kind, uint64_t resolve) {
  static const uint64_t flags[] = {o_path, o_path | o_directory, o_wronly};
  struct open_how how = {.flags = flags[kind] | o_cloexec, .resolve = resolve | RESOLVE_NO_MAGICLINKS};
  long fd;
  do fd = SYS(openat2, root, path, &how, sizeof how); while (fd == -eintr || fd == -eagain);
  return (int32_t)fd;
}
int32_t k_open_in_root(int32_t root, bytes_t path, int32_t kind) {
  return open2(root, path, kind, RESOLVE_IN_ROOT);
}
int32_t k_open_own_directory(int32_t root, bytes_t path) {
  return open2(root, path, 1, RESOLVE_IN_ROOT | RESOLVE_NO_XDEV);
}
int32_t k_open_beneath(int32_t root, bytes_t path, int32_t kind) {
  return open2(root, path, kind, RESOLVE_BENEATH | (kind == 2 ? 0 : RESOLVE_NO_SYMLINKS));
}

// Mounts.

int32_t k_make_private(void) {
  return (int32_t)SYS(mount, 0, "/", 0, 0x4000 | 0x40000 /* MS_REC | MS_PRIVATE */, 0);
}
int32_t k_new_filesystem(bytes_t type) { return (int32_t)SYS(fsopen, type, FSOPEN_CLOEXEC); }
int32_t k_set_option(int32_t filesystem, bytes_t key, bytes_t value) {
  bool flag = value[0] == 0;
  return (int32_t)SYS(
      fsconfig, filesystem, flag ? FSCONFIG_SET_FLAG : FSCONFIG_SET_STRING, key, flag ? NULL : value, 0);
}
int32_t k_finish_filesystem(int32_t filesystem, uint32_t attributes) {
  long outcome = SYS(fsconfig, filesystem, FSCONFIG_CMD_CREATE, 0, 0, 0);
  if (outcome == 0) outcome = SYS(fsmount, filesystem, FSMOUNT_CLOEXEC, attributes);
  k_close(filesystem);
  return (int32_t)outcome;
}
int32_t k_clone_tree(int32_t fd) {
  return (int32_t)SYS(
      open_tree, fd, "", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | at_empty_path | at_recursive);
}
int32_t k_set_attributes(int32_t mount, uint32_t attributes) {
  struct mount_attr wanted = {.attr_set = attributes};
  return (int32_t)SYS(mount_setattr, mount, "", at_empty_path | at_recursive, &wanted, sizeof wanted);
}
int32_t k_restrict(int32_t mount, uint32_t attributes) {
  struct mount_attr wanted = {.attr_set = attributes};
  return (int32_t)SYS(mount_setattr, mount, "", at_empty_path, &wanted, sizeof wanted);
}
int32_t k_attach(int32_t mount, int32_t target) {
  return (int32_t)SYS(
      move_mount, mount, "", target, "", MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH);
}
int32_t k_attach_at(int32_t mount, bytes_t path) {
  return (int32_t)SYS(move_mount, mount, "", at_fdcwd, path, MOVE_MOUNT_F_EMPTY_PATH);
}
int32_t k_pivot(int32_t root) {
  // The old root ends up on top of the new one, as ".", and is taken off: no directory for it is needed.
  long outcome = SYS(fchdir, root);
  if (outcome == 0) outcome = SYS(pivot_root, ".", ".");
  if (outcome == 0) outcome = SYS(umount2, ".", 2 /* MNT_DETACH */);
  if (outcome == 0) outcome = SYS(chdir, "/");
  return (int32_t)outcome;
}

// The pod's other namespaces.

int32_t k_cgroup_namespace(void) { return (int32_t)SYS(unshare, CLONE_NEWCGROUP); }
int32_t k_hostname(const void *name, uint64_t size) { return (int32_t)SYS(sethostname, name, size); }
int32_t k_loopback_up(void) {
  struct { char name[16]; int16_t flags; char rest[22]; } request = {"lo", 0, ""};
  long fd = SYS(socket, 2 /* AF_INET */, 2 /* SOCK_DGRAM */ | o_cloexec, 0);
  if (fd < 0) return (int32_t)fd;
  long outcome = SYS(ioctl, fd, 0x8913 /* SIOCGIFFLAGS */, &request);
  request.flags |= 1 /* IFF_UP */;
  if (outcome == 0) outcome = SYS(ioctl, fd, 0x8914 /* SIOCSIFFLAGS */, &request);
  k_close((int32_t)fd);
  return (int32_t)outcome;
}

// Processes.

int32_t k_fork(int32_t cgroup) {
  // The kernel's struct clone_args.
  struct {
    uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls, set_tid, set_tid_size,
        cgroup;
  } clone = {
      .flags = CLONE_NEWNS | (cgroup >= 0 ? CLONE_INTO_CGROUP : 0),
      .exit_signal = sigchld,
      .cgroup = cgroup >= 0 ? (uint64_t)cgroup : 0,
  };
  return (int32_t)SYS(clone3, &clone, sizeof clone);
}
void k_exit(int32_t status) {
  for (;;) SYS(exit_group, status);
}
int32_t k_wait(int32_t *status) { return (int32_t)SYS(wait4, -1, status, 1 /* WNOHANG */, 0); }
int32_t k_kill(int32_t pid, int32_t signal) { return (int32_t)SYS(kill, pid, signal); }
int32_t k_new_session(void) { return (int32_t)SYS(setsid, 0); }
int32_t k_new_keyring(void) {
  long outcome = SYS(keyctl, 1 /* KEYCTL_JOIN_SESSION_KEYRING */, 0);
  return outcome == -38 /* ENOSYS */ ? 0 : outcome < 0 ? (int32_t)outcome : 0;
}
int32_t k_block_signals(void) {
  // Not the ones that a defect of ours raises.
  uint64_t all = ~(uint64_t)((1u << 3) | (1u << 4) | (1u << 6) | (1u << 7) | (1u << 10));
  return (int32_t)SYS(rt_sigprocmask, sig_setmask, &all, 0, 8);
}
int32_t k_unblock_signals(void) {
  static const int fatal[] = {4, 5, 7, 8, 11};
  for (unsigned i = 0; i < sizeof fatal / sizeof *fatal; i++) {
    struct { void *handler; unsigned long flags; void *restorer; uint64_t mask; } action = {0, 0, 0, 0};
    SYS(rt_sigaction, fatal[i], &action, 0, 8);
  }
  uint64_t none = 0;
  return (int32_t)SYS(rt_sigprocmask, sig_setmask, &none, 0, 8);
}
int32_t k_signal_descriptor(void) {
  uint64_t watched = ((uint64_t)1 << (sigchld - 1));
  return (int32_t)SYS(signalfd4, -1, &watched, 8, o_cloexec | 04000 /* SFD_NONBLOCK */);
}
int32_t k_poll2(int32_t first, int32_t second, int32_t *ready) {
  struct { int32_t fd; int16_t events, revents; } watched[2] = {{first, 1, 0}, {second, 1, 0}};
  long outcome = SYS(ppoll, watched, 2, 0, 0, 8);
  *ready = (watched[0].revents != 0 ? 1 : 0) | (watched[1].revents != 0 ? 2 : 0);
  return outcome == -eintr ? 0 : (int32_t)outcome;
}
int32_t k_await(int32_t gate, int32_t launcher) {
  for (;;) {
    // No event is asked of the launcher: only its end is reported.
    struct { int32_t fd; int16_t events, revents; } watched[2] = {{gate, 1, 0}, {launcher, 0, 0}};
    struct { int64_t seconds, nanoseconds; } limit = {0, 100 * 1000 * 1000};
    long outcome = SYS(ppoll, watched, 2, &limit, 0, 8);
    if (outcome == -eintr) continue;
    return outcome == 0 ? 2 : outcome > 0 && watched[0].revents != 0;
  }
}
int32_t k_execute(bytes_t path, const uint8_t *const *arguments, const uint8_t *const *environment) {
  return (int32_t)SYS(execve, path, arguments, environment);
}
void k_umask(uint32_t mask) { SYS(umask, mask); }

// Credentials.

int32_t k_limit_capabilities(uint32_t low, uint32_t high) {
  for (uint32_t capability = 0; capability < 64; capability++) {
    bool kept = capability < 32 ? low >> capability & 1 : high >> (capability - 32) & 1;
    if (kept) continue;
    long outcome = SYS(prctl, PR_CAPBSET_DROP, capability, 0, 0, 0);
    if (outcome == -22) break;  // past the running kernel's last capability
    if (outcome != 0) return (int32_t)outcome;
  }
  return (int32_t)SYS(prctl, PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
}
int32_t k_forget_inheritable(void) {
  struct { uint32_t version; int32_t pid; } header = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct { uint32_t effective, permitted, inheritable; } data[2];
  long outcome = SYS(capget, &header, data);
  data[0].inheritable = data[1].inheritable = 0;
  return outcome != 0 ? (int32_t)outcome : (int32_t)SYS(capset, &header, data);
}
int32_t k_set_groups(const uint32_t *groups, uint64_t count) {
  return (int32_t)SYS(setgroups, count, groups);
}
int32_t k_set_gid(uint32_t gid) { return (int32_t)SYS(setresgid, gid, gid, gid); }
int32_t k_set_uid(uint32_t uid) { return (int32_t)SYS(setresuid, uid, uid, uid); }
int32_t k_keep_only_kill(void) {
  int32_t outcome = k_limit_capabilities(0, 0);
  struct { uint32_t version; int32_t pid; } header = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct { uint32_t effective, permitted, inheritable; } data[2] = {{1u << CAP_KILL, 1u << CAP_KILL, 0}, {0, 0, 0}};
  return outcome != 0 ? outcome : (int32_t)SYS(capset, &header, data);
}
int32_t k_no_new_privileges(void) { return (int32_t)SYS(prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); }
