// Calls on files that Glibc's module does not carry. Every function returns a descriptor, a length or 0, or
// -errno; none retries after EINTR.
#ifndef APPC_FILES_H
#define APPC_FILES_H

#include <stddef.h>
#include <stdint.h>

// Opens `path` beneath `dir`: openat2 with RESOLVE_BENEATH, NO_SYMLINKS, NO_MAGICLINKS and NO_XDEV, so
// neither "..", an absolute path, a symbolic link nor a mount point leads out. O_CLOEXEC is always added.
// flags and mode as of open(2).
int appc_open_beneath(int dir, const char *_Nonnull path, uint64_t flags, uint32_t mode);

// The flags of a directory that is only walked through (O_PATH), for appc_open_beneath.
uint64_t appc_flags_directory_path(void);

// Extended attributes of what a descriptor is open on (not one opened with O_PATH). A size of 0 asks for the
// length alone; a buffer that is too small gives -ERANGE.
int64_t appc_flistxattr(int fd, void *_Nullable buffer, size_t size);
int64_t appc_fgetxattr(int fd, const char *_Nonnull name, void *_Nullable buffer, size_t size);
int appc_fsetxattr(int fd, const char *_Nonnull name, const void *_Nullable value, size_t size);
int appc_fremovexattr(int fd, const char *_Nonnull name);

// A FIFO, device or empty file `name` in `dir`. mode holds type and permissions (less the umask). major and
// minor are 0 but for devices.
int appc_mknod(int dir, const char *_Nonnull name, uint32_t mode, uint32_t major, uint32_t minor);

// Renames within a file system, never over something that exists: -EEXIST then.
int appc_rename_new(
    int from_dir, const char *_Nonnull from, int to_dir, const char *_Nonnull to);

// Gives each of two names of a directory what the other had, in one step.
int appc_rename_exchange(int dir, const char *_Nonnull one, const char *_Nonnull other);

// The parts of a device number as stat(2) gives it.
uint32_t appc_device_major(uint64_t device);
uint32_t appc_device_minor(uint64_t device);

// How many processors this process may run on, at least 1.
uint32_t appc_processor_count(void);

#endif
