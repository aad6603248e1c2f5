#include "appc_files.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sched.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

static int result(long value) { return value < 0 ? -errno : (int)value; }

int appc_open_beneath(int dir, const char *path, uint64_t flags, uint32_t mode) {
  struct open_how how = {
      .flags = flags | O_CLOEXEC,
      .mode = mode,
      .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_XDEV,
  };
  // The kernel answers EAGAIN when a rename or mount elsewhere raced with the walk; a few more tries settle
  // it.
  long fd;
  for (int tries = 0; tries < 64; tries++) {
    fd = syscall(SYS_openat2, dir, path, &how, sizeof how);
    if (fd >= 0 || errno != EAGAIN) break;
  }
  return result(fd);
}

uint64_t appc_flags_directory_path(void) { return O_PATH | O_DIRECTORY | O_NOFOLLOW; }

int64_t appc_flistxattr(int fd, void *buffer, size_t size) {
  ssize_t length = flistxattr(fd, buffer, size);
  return length < 0 ? -errno : length;
}

int64_t appc_fgetxattr(int fd, const char *name, void *buffer, size_t size) {
  ssize_t length = fgetxattr(fd, name, buffer, size);
  return length < 0 ? -errno : length;
}

int appc_fsetxattr(int fd, const char *name, const void *value, size_t size) {
  return result(fsetxattr(fd, name, value, size, 0));
}

int appc_fremovexattr(int fd, const char *name) {
  return result(fremovexattr(fd, name));
}

int appc_mknod(int dir, const char *name, uint32_t mode, uint32_t major, uint32_t minor) {
  return result(mknodat(dir, name, mode, makedev(major, minor)));
}

int appc_rename_new(int from_dir, const char *from, int to_dir, const char *to) {
  return result(renameat2(from_dir, from, to_dir, to, RENAME_NOREPLACE));
}

int appc_rename_exchange(int dir, const char *one, const char *other) {
  return result(renameat2(dir, one, dir, other, RENAME_EXCHANGE));
}

uint32_t appc_device_major(uint64_t device) { return major(device); }

uint32_t appc_device_minor(uint64_t device) { return minor(device); }

uint32_t appc_processor_count(void) {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) != 0) return 1;
  int count = CPU_COUNT(&set);
  return count < 1 ? 1 : (uint32_t)count;
}
