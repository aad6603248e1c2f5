#include "measuring.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <unistd.h>

int measuring_adopt_orphans(void) { return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0 ? 0 : -errno; }

int measuring_own_mounts(void) {
  int mounts = open("/proc/thread-self/ns/mnt", O_RDONLY | O_CLOEXEC);
  return mounts < 0 ? -errno : mounts;
}

int measuring_enter_mounts(int mounts) { return setns(mounts, CLONE_NEWNS) == 0 ? 0 : -errno; }

static int hide(const char *const *hidden, unsigned count) {
  if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0) return -errno;
  for (unsigned i = 0; i < count; i++)
    if (umount2(hidden[i], MNT_DETACH) != 0) return -errno;
  return measuring_own_mounts();
}

int measuring_mounts_without(const char *const *hidden, unsigned count) {
  int own = measuring_own_mounts();
  if (own < 0) return own;
  int outcome = unshare(CLONE_FS | CLONE_NEWNS) == 0 ? hide(hidden, count) : -errno;
  int back = measuring_enter_mounts(own);
  close(own);
  return back < 0 ? back : outcome;
}

int measuring_leave_mounts(void) {
  if (unshare(CLONE_FS | CLONE_NEWNS) != 0) return -errno;
  return mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 ? 0 : -errno;
}

void measuring_give_back_memory(void) { malloc_trim(0); }
