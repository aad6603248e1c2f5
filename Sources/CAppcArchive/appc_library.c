#include "library.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>

static struct appc_library library;
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
      {"archive_write_new", (void **)&library.write_new},
      {"archive_write_free", (void **)&library.write_free},
      {"archive_write_add_filter_bzip2", (void **)&library.add_filter_bzip2},
      {"archive_write_add_filter_xz", (void **)&library.add_filter_xz},
      {"archive_write_add_filter_zstd", (void **)&library.add_filter_zstd},
      {"archive_write_set_format_raw", (void **)&library.set_format_raw},
      {"archive_write_set_filter_option", (void **)&library.set_filter_option},
      {"archive_write_open_memory", (void **)&library.write_open_memory},
      {"archive_write_header", (void **)&library.write_header},
      {"archive_write_data", (void **)&library.write_data},
      {"archive_write_close", (void **)&library.write_close},
      {"archive_entry_new", (void **)&library.entry_new},
      {"archive_entry_free", (void **)&library.entry_free},
      {"archive_entry_set_filetype", (void **)&library.entry_set_filetype},
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

const struct appc_library *appc_library_load(char *message, size_t size) {
  pthread_once(&load_once, load);
  if (!load_error[0]) return &library;
  snprintf(message, size, "%s", load_error);
  return NULL;
}
