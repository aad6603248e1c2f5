// libarchive's compressions, reached through a function table that is filled by dlopen at first use: what a
// program links it pays for at every start (libarchive brings ICU along), and few images need these.
#ifndef CAPPC_ARCHIVE_H
#define CAPPC_ARCHIVE_H

#include <stddef.h>
#include <stdint.h>

// One decompression under way.
typedef struct appc_filter appc_filter;

// The compressions.
#define APPC_FILTER_BZIP2 1
#define APPC_FILTER_XZ 2
#define APPC_FILTER_ZSTD 3

// Gives the next compressed bytes, at most as long as they stay valid until the next call: stores their
// address, returns their number, 0 at the end, or a negative value to make the read fail.
typedef int64_t (*appc_filter_source)(void *_Nullable context, const void *_Nullable *_Nonnull bytes);

// Starts a decompression with exactly one filter and the raw format. Returns 0; -ENOENT when libarchive.so.13
// is missing (`message` says what the loader said); -ENOTSUP when it lacks the compression; -ENOMEM; -EILSEQ
// when the bytes are not of that kind or are compressed more than once. `message` is always ended by NUL.
int appc_filter_open(
    int kind, appc_filter_source _Nonnull source, void *_Nullable context,
    appc_filter *_Nullable *_Nonnull filter, char *_Nonnull message, size_t message_size);

// Reads up to `size` bytes. Returns their number, 0 at the end of the stream, or -EILSEQ with `message`
// filled.
int64_t appc_filter_read(
    appc_filter *_Nonnull filter, void *_Nonnull buffer, size_t size, char *_Nonnull message,
    size_t message_size);

// Compressed bytes that the filter has used so far. Fewer than were given at the end means trailing bytes.
int64_t appc_filter_consumed(appc_filter *_Nonnull filter);

void appc_filter_close(appc_filter *_Nonnull filter);

// Compresses `size` bytes to a complete stream of their own at `member`, on the calling thread. Any number of
// threads may do so at once. Returns the stream's length; -ENOENT when libarchive.so.13 is missing, -ENOTSUP
// when it lacks the compression or the level, -ENOMEM, or -EIO when it fails, as for want of room (`message`
// says why in each case). There must be size / 64 + 4096 more bytes of room than `size`.
int64_t appc_encode(
    int kind, int level, const void *_Nullable bytes, size_t size, void *_Nonnull member, size_t capacity,
    char *_Nonnull message, size_t message_size);

#endif
