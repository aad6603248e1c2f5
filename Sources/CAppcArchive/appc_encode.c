#include "CAppcArchive.h"
#include "library.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

// How libarchive calls a compression, and what adds it.
struct encoding {
  const char *name;
  int (*add)(struct archive *);
};

static struct encoding encoding_of(const struct appc_library *library, int kind) {
  switch (kind) {
    case APPC_FILTER_XZ: return (struct encoding){"xz", library->add_filter_xz};
    case APPC_FILTER_ZSTD: return (struct encoding){"zstd", library->add_filter_zstd};
    default: return (struct encoding){"bzip2", library->add_filter_bzip2};
  }
}

static int fail(const struct appc_library *library, struct archive *archive, char *message, size_t size) {
  const char *reason = library->error_string(archive);
  snprintf(message, size, "%s", reason ? reason : "no reason given");
  return -EIO;
}

static int configure(const struct appc_library *library, struct archive *archive, int kind, int level,
                     char *message, size_t size) {
  struct encoding encoding = encoding_of(library, kind);
  // A warning here means that libarchive would run an external program instead: never.
  if (encoding.add(archive) != ARCHIVE_OK) {
    snprintf(message, size, "this libarchive is built without that compression");
    return -ENOTSUP;
  }
  char text[16];
  snprintf(text, sizeof text, "%d", level);
  if (library->set_format_raw(archive) != ARCHIVE_OK) return fail(library, archive, message, size);
  if (library->set_filter_option(archive, encoding.name, "compression-level", text) != ARCHIVE_OK) {
    snprintf(message, size, "this libarchive has no level %d", level);
    return -ENOTSUP;
  }
  return 0;
}

static int put(const struct appc_library *library, struct archive *archive, const void *bytes, size_t size) {
  struct archive_entry *entry = library->entry_new();
  if (!entry) return -ENOMEM;
  library->entry_set_filetype(entry, S_IFREG);
  int status = library->write_header(archive, entry) == ARCHIVE_OK ? 0 : -EIO;
  while (status == 0 && size > 0) {
    ssize_t taken = library->write_data(archive, bytes, size);
    if (taken <= 0) status = -EIO;
    else {
      bytes = (const char *)bytes + taken;
      size -= (size_t)taken;
    }
  }
  library->entry_free(entry);
  return status;
}

int64_t appc_encode(int kind, int level, const void *bytes, size_t size, void *member, size_t capacity,
                    char *message, size_t message_size) {
  message[0] = 0;
  const struct appc_library *library = appc_library_load(message, message_size);
  if (!library) return -ENOENT;
  struct archive *archive = library->write_new();
  if (!archive) return -ENOMEM;
  size_t used = 0;
  int status = configure(library, archive, kind, level, message, message_size);
  if (status == 0 && (library->write_open_memory(archive, member, capacity, &used) != ARCHIVE_OK ||
                      put(library, archive, bytes, size) != 0 ||
                      library->write_close(archive) != ARCHIVE_OK))
    status = fail(library, archive, message, message_size);
  library->write_free(archive);
  return status != 0 ? status : (int64_t)used;
}
