#include "appc_stage.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef CLONE_INTO_CGROUP
#define CLONE_INTO_CGROUP 0x200000000ULL
#endif

// The kernel's struct clone_args, whatever version of the header is installed.
struct appc_clone_args {
  uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls, set_tid, set_tid_size,
      cgroup;
};

long appc_clone3(struct appc_clone_args *arguments, size_t size, int (*entry)(void *), void *argument);

// Everything between clone and exec lives in memory that the parent thread, suspended meanwhile, shares: no
// errno, no libc, no sanitizer may be touched there.
#define CHILD_ONLY \
  __attribute__((noinline, no_sanitize("thread", "address"), disable_sanitizer_instrumentation))

struct child {
  int executable;
  const int *descriptors;
  int *moved;
  uint32_t count;
  char *const *arguments;
  char *const *environment;
  volatile int failure;
};

CHILD_ONLY static long raw(long number, long a, long b, long c, long d, long e) {
#if defined(__x86_64__)
  long result;
  register long r10 __asm__("r10") = d;
  register long r8 __asm__("r8") = e;
  __asm__ volatile("syscall"
                   : "=a"(result)
                   : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8)
                   : "rcx", "r11", "memory");
  return result;
#else
  register long x8 __asm__("x8") = number;
  register long x0 __asm__("x0") = a;
  register long x1 __asm__("x1") = b;
  register long x2 __asm__("x2") = c;
  register long x3 __asm__("x3") = d;
  register long x4 __asm__("x4") = e;
  __asm__ volatile("svc #0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4) : "memory");
  return x0;
#endif
}

// Copies every descriptor above the range that is being filled first, so that no order of numbers can make
// one overwrite another that is still needed. Returns the executable's new number.
CHILD_ONLY static long arrange_descriptors(struct child *child) {
  long executable = raw(SYS_fcntl, child->executable, F_DUPFD_CLOEXEC, (long)child->count, 0, 0);
  if (executable < 0) return executable;
  for (uint32_t i = 0; i < child->count; i++) {
    long moved = raw(SYS_fcntl, child->descriptors[i], F_DUPFD_CLOEXEC, (long)child->count, 0, 0);
    if (moved < 0) return moved;
    child->moved[i] = (int)moved;
  }
  for (uint32_t i = 0; i < child->count; i++) {
    long placed = raw(SYS_dup3, child->moved[i], (long)i, 0, 0, 0);
    if (placed < 0) return placed;
  }
  return executable;
}

CHILD_ONLY static void reset_signals(void) {
  struct {
    void *handler;
    unsigned long flags;
    void *restorer;
    uint64_t mask;
  } action = {0, 0, 0, 0};
  for (int signal = 1; signal <= 64; signal++)
    raw(SYS_rt_sigaction, signal, (long)&action, 0, sizeof action.mask, 0);
  uint64_t none = 0;
  raw(SYS_rt_sigprocmask, SIG_SETMASK, (long)&none, 0, sizeof none, 0);
}

CHILD_ONLY static int child_main(void *argument) {
  struct child *child = argument;
  reset_signals();
  long executable = arrange_descriptors(child);
  if (executable >= 0) {
    // The rest of the host's descriptors go with exec: some may lack FD_CLOEXEC.
    raw(SYS_close_range, (long)child->count, ~0U, 4 /* CLOSE_RANGE_CLOEXEC */, 0, 0);
    executable = raw(
        SYS_execveat, executable, (long)"", (long)child->arguments, (long)child->environment, 0x1000);
  }
  child->failure = (int)-executable;
  return 127;
}

uint64_t appc_namespace_flags(int pid, int mount, int ipc, int uts, int network) {
  return (pid ? CLONE_NEWPID : 0) | (mount ? CLONE_NEWNS : 0) | (ipc ? CLONE_NEWIPC : 0) |
         (uts ? CLONE_NEWUTS : 0) | (network ? CLONE_NEWNET : 0);
}

int appc_spawn(
    uint64_t flags, int cgroup, int executable, const int *descriptors, uint32_t count,
    char *const *arguments, char *const *environment, int *pidfd) {
  enum { stack_bytes = 64 << 10 };
  void *stack = mmap(
      NULL, stack_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
  if (stack == MAP_FAILED) return -errno;

  int *moved = calloc(count, sizeof *moved);
  if (moved == NULL) {
    munmap(stack, stack_bytes);
    return -ENOMEM;
  }
  struct child child = {executable, descriptors, moved, count, arguments, environment, 0};
  int descriptor = -1;
  struct appc_clone_args clone = {
      .flags = flags | CLONE_VM | CLONE_VFORK | CLONE_PIDFD | (cgroup >= 0 ? CLONE_INTO_CGROUP : 0),
      .pidfd = (uint64_t)(uintptr_t)&descriptor,
      // The kernel makes this SIGCHLD at exec: a host that waits for every child may reap ours, and
      // appc_wait_pidfd lives with that.
      .exit_signal = 0,
      .stack = (uint64_t)(uintptr_t)stack,
      .stack_size = stack_bytes,
      .cgroup = cgroup >= 0 ? (uint64_t)cgroup : 0,
  };
  // A signal handler of the host must not run in the child, on the memory of both.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  long pid = appc_clone3(&clone, sizeof clone, child_main, &child);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  munmap(stack, stack_bytes);
  free(moved);

  if (pid < 0) return (int)pid;
  if (child.failure != 0) {
    int status;
    appc_wait_pidfd(descriptor, &status);
    close(descriptor);
    return -child.failure;
  }
  *pidfd = descriptor;
  return (int)pid;
}

int appc_wait_pidfd(int pidfd, int *status) {
  siginfo_t info;
  memset(&info, 0, sizeof info);
  while (waitid((idtype_t)3 /* P_PIDFD */, (id_t)pidfd, &info, WEXITED | __WALL) != 0)
    if (errno != EINTR) return -errno;
  *status = info.si_code == CLD_EXITED ? (info.si_status & 0xff) << 8 : (info.si_status & 0x7f);
  return 0;
}

int appc_signal_pidfd(int pidfd, int signal) {
  return syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 0) == 0 ? 0 : -errno;
}
