#include "appc_store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

static int or_errno(int result) { return result < 0 ? -errno : result; }

int appc_store_open_unnamed(int dir, unsigned int mode) {
  return or_errno(openat(dir, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, (mode_t)mode));
}

int appc_store_link_unnamed(int fd, int dir, const char *name) {
  // AT_EMPTY_PATH needs no /proc, but CAP_DAC_READ_SEARCH on kernels before 6.10; those say ENOENT without it.
  int result = linkat(fd, "", dir, name, AT_EMPTY_PATH);
  if (result == 0 || errno != ENOENT) return or_errno(result);
  char path[32];
  snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
  return or_errno(linkat(AT_FDCWD, path, dir, name, AT_SYMLINK_FOLLOW));
}

int appc_store_open_path(int dir, const char *name) {
  return or_errno(openat(dir, name, O_PATH | O_NOFOLLOW | O_CLOEXEC));
}

int appc_store_sync_file_system(int fd) { return or_errno(syncfs(fd)); }

int appc_store_start_writing(int fd, int64_t offset, int64_t count) {
    return or_errno(sync_file_range(fd, offset, count, SYNC_FILE_RANGE_WRITE));
}
