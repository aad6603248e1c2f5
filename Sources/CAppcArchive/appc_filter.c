#include "CAppcArchive.h"
#include "library.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

struct appc_filter {
  const struct appc_library *library;
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
  const char *reason = filter->library->error_string(filter->archive);
  snprintf(message, size, "%s", reason ? reason : "damaged");
  return -EILSEQ;
}

static int start(appc_filter *filter, int kind, char *message, size_t size) {
  const struct appc_library *library = filter->library;
  int supported = kind == APPC_FILTER_BZIP2 ? library->support_filter_bzip2(filter->archive)
                  : kind == APPC_FILTER_XZ  ? library->support_filter_xz(filter->archive)
                                            : library->support_filter_zstd(filter->archive);
  // A warning here means that libarchive would run an external program instead: never.
  if (supported != ARCHIVE_OK) {
    snprintf(message, size, "this libarchive is built without that compression");
    return -ENOTSUP;
  }
  if (library->support_format_raw(filter->archive) != ARCHIVE_OK ||
      library->read_open(filter->archive, filter, NULL, supply, NULL) != ARCHIVE_OK)
    return fail(filter, message, size);
  struct archive_entry *entry;
  if (library->read_next_header(filter->archive, &entry) != ARCHIVE_OK)
    return fail(filter, message, size);
  // libarchive unwraps a filter as often as its magic bytes appear: the filter and the source make two.
  if (library->filter_count(filter->archive) != 2) {
    snprintf(message, size, "compressed more than once, or not at all");
    return -EILSEQ;
  }
  return 0;
}

int appc_filter_open(int kind, appc_filter_source source, void *context, appc_filter **filter,
                     char *message, size_t size) {
  *filter = NULL;
  message[0] = 0;
  const struct appc_library *library = appc_library_load(message, size);
  if (!library) return -ENOENT;
  appc_filter *opened = calloc(1, sizeof *opened);
  if (!opened) return -ENOMEM;
  opened->library = library;
  opened->source = source;
  opened->context = context;
  opened->archive = library->read_new();
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
  ssize_t count = filter->library->read_data(filter->archive, buffer, size);
  return count < 0 ? fail(filter, message, message_size) : count;
}

int64_t appc_filter_consumed(appc_filter *filter) {
  return filter->library->filter_bytes(filter->archive, -1);
}

void appc_filter_close(appc_filter *filter) {
  if (filter->archive) filter->library->read_free(filter->archive);
  free(filter);
}
