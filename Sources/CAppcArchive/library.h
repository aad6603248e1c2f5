// The part of libarchive's interface (soname 13) that is used, so that no header of it is needed to build, and
// the table of its functions.
#ifndef CAPPC_ARCHIVE_LIBRARY_H
#define CAPPC_ARCHIVE_LIBRARY_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum { ARCHIVE_OK = 0, ARCHIVE_EOF = 1, ARCHIVE_RETRY = -10, ARCHIVE_WARN = -20 };
struct archive;
struct archive_entry;
typedef ssize_t (*read_callback)(struct archive *, void *, const void **);

struct appc_library {
  // Reading.
  struct archive *(*read_new)(void);
  int (*read_free)(struct archive *);
  int (*support_filter_bzip2)(struct archive *);
  int (*support_filter_xz)(struct archive *);
  int (*support_filter_zstd)(struct archive *);
  int (*support_format_raw)(struct archive *);
  int (*read_open)(struct archive *, void *, void *, read_callback, void *);
  int (*read_next_header)(struct archive *, struct archive_entry **);
  ssize_t (*read_data)(struct archive *, void *, size_t);
  int (*filter_count)(struct archive *);
  int64_t (*filter_bytes)(struct archive *, int);
  // Writing.
  struct archive *(*write_new)(void);
  int (*write_free)(struct archive *);
  int (*add_filter_bzip2)(struct archive *);
  int (*add_filter_xz)(struct archive *);
  int (*add_filter_zstd)(struct archive *);
  int (*set_format_raw)(struct archive *);
  int (*set_filter_option)(struct archive *, const char *, const char *, const char *);
  int (*write_open_memory)(struct archive *, void *, size_t, size_t *);
  int (*write_header)(struct archive *, struct archive_entry *);
  ssize_t (*write_data)(struct archive *, const void *, size_t);
  int (*write_close)(struct archive *);
  struct archive_entry *(*entry_new)(void);
  void (*entry_free)(struct archive_entry *);
  void (*entry_set_filetype)(struct archive_entry *, unsigned int);
  // Both.
  const char *(*error_string)(struct archive *);
};

// Loads the library at the first call. Returns its functions, or NULL with the loader's reason in `message`.
const struct appc_library *appc_library_load(char *message, size_t size);

#endif
