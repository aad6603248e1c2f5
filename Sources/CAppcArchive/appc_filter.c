#include "CAppcArchive.h"

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/types.h>

// The part of libarchive's interface (soname 13) that is used, so that no header of it is needed to build.
enum { ARCHIVE_OK = 0, ARCHIVE_EOF = 1, ARCHIVE_RETRY = -10, ARCHIVE_WARN = -20 };
struct archive;
struct archive_entry;
typedef ssize_t (*read_callback)(struct archive *, void *, const void **);

static struct {
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
  const char *(*error_string)(struct archive *);
} library;

static char load_error[256];
static pthread_once_t load_once = PTHREAD_ONCE_INIT;

static void load(void) {
  static const struct {
    const char *name;
    void **slot;
  } functions[] = {
      {"archive_read_new", (void **)&library.read_new},
      {"archive_read_free", (void **)&library.read_free},
      {"archive_read_support_filter_bzip2", (void **)&library.support_filter_bzip2},
      {"archive_read_support_filter_xz", (void **)&library.support_filter_xz},
      {"archive_read_support_filter_zstd", (void **)&library.support_filter_zstd},
      {"archive_read_support_format_raw", (void **)&library.support_format_raw},
      {"archive_read_open", (void **)&library.read_open},
      {"archive_read_next_header", (void **)&library.read_next_header},
      {"archive_read_data", (void **)&library.read_data},
      {"archive_filter_count", (void **)&library.filter_count},
      {"archive_filter_bytes", (void **)&library.filter_bytes},
      {"archive_error_string", (void **)&library.error_string},
  };
  void *handle = dlopen("libarchive.so.13", RTLD_NOW | RTLD_LOCAL);
  if (!handle) {
    const char *reason = dlerror();
    snprintf(load_error, sizeof load_error, "%s", reason ? reason : "libarchive.so.13 not found");
    return;
  }
  for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
    *functions[i].slot = dlsym(handle, functions[i].name);
    if (!*functions[i].slot) {
      snprintf(load_error, sizeof load_error, "libarchive.so.13 has no %s", functions[i].name);
      return;
    }
  }
}

struct appc_filter {
  struct archive *archive;
  appc_filter_source source;
  void *context;
};

static ssize_t supply(struct archive *archive, void *data, const void **bytes) {
  (void)archive;
  appc_filter *filter = data;
  return filter->source(filter->context, bytes);
}

static int fail(appc_filter *filter, char *message, size_t size) {
  const char *reason = library.error_string(filter->archive);
  snprintf(message, size, "%s", reason ? reason : "damaged");
  return -EILSEQ;
}

static int start(appc_filter *filter, int kind, char *message, size_t size) {
  int supported = kind == APPC_FILTER_BZIP2 ? library.support_filter_bzip2(filter->archive)
                  : kind == APPC_FILTER_XZ  ? library.support_filter_xz(filter->archive)
                                            : library.support_filter_zstd(filter->archive);
  // A warning here means that libarchive would run an external program instead: never.
  if (supported != ARCHIVE_OK) {
    snprintf(message, size, "this libarchive is built without that compression");
    return -EILSEQ;
  }
  if (library.support_format_raw(filter->archive) != ARCHIVE_OK ||
      library.read_open(filter->archive, filter, NULL, supply, NULL) != ARCHIVE_OK)
    return fail(filter, message, size);
  struct archive_entry *entry;
  if (library.read_next_header(filter->archive, &entry) != ARCHIVE_OK)
    return fail(filter, message, size);
  // libarchive unwraps a filter as often as its magic bytes appear: the filter and the source make two.
  if (library.filter_count(filter->archive) != 2) {
    snprintf(message, size, "compressed more than once, or not at all");
    return -EILSEQ;
  }
  return 0;
}

int appc_filter_open(int kind, appc_filter_source source, void *context, appc_filter **filter,
                     char *message, size_t size) {
  *filter = NULL;
  message[0] = 0;
  pthread_once(&load_once, load);
  if (load_error[0]) {
    snprintf(message, size, "%s", load_error);
    return -ENOENT;
  }
  appc_filter *opened = calloc(1, sizeof *opened);
  if (!opened) return -ENOMEM;
  opened->source = source;
  opened->context = context;
  opened->archive = library.read_new();
  int status = opened->archive ? start(opened, kind, message, size) : -ENOMEM;
  if (status != 0) {
    appc_filter_close(opened);
    return status;
  }
  *filter = opened;
  return 0;
}

int64_t appc_filter_read(appc_filter *filter, void *buffer, size_t size, char *message,
                         size_t message_size) {
  message[0] = 0;
  ssize_t count = library.read_data(filter->archive, buffer, size);
  return count < 0 ? fail(filter, message, message_size) : count;
}

int64_t appc_filter_consumed(appc_filter *filter) {
  return library.filter_bytes(filter->archive, -1);
}

void appc_filter_close(appc_filter *filter) {
  if (filter->archive) library.read_free(filter->archive);
  free(filter);
}
