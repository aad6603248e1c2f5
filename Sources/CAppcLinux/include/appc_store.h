// Publishing a file under its final name in one step, for ACIStore and ACIBuild. Every function returns a
// descriptor or 0, or -errno.
#ifndef APPC_STORE_H
#define APPC_STORE_H

#include <stdint.h>

// A new file without a name in the directory `dir`, open for reading and writing (O_TMPFILE).
int appc_store_open_unnamed(int dir, unsigned int mode);

// Gives the file behind `fd` the name `name` in `dir`; -EEXIST when that name is taken.
int appc_store_link_unnamed(int fd, int dir, const char *_Nonnull name);

// Opens a path for its metadata alone (O_PATH), the last component not followed: no driver or peer of a
// special file ever hears of it.
int appc_store_open_path(int dir, const char *_Nonnull name);

// Syncs the whole file system that `fd` lies on.
int appc_store_sync_file_system(int fd);

// Has the disk begin with bytes that were written to `fd`, so that a later fsync finds less to do; makes nothing
// durable by itself.
int appc_store_start_writing(int fd, int64_t offset, int64_t count);

#endif
