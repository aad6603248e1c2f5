#!/usr/bin/env python3
"""Writes the images of the attack corpus, and what each field of them is fuzzed with, as seeds for Scripts/fuzz.

    Fuzzing/Seeds/archive.py DIRECTORY

A seed starts with the letter of its target, as Fuzzing/Archive/ArchiveTarget.swift has them.
"""

import bz2
import gzip
import lzma
import tarfile
import zlib

import seeding

CORPUS = seeding.TESTS / "ACIArchiveTests/Cases/aci-cases.tar.xz"

# What is made of a recipe, Fuzzing/Archive/TarRecipe.swift says; the first byte is the frame.
RECIPES = [
    # A file, a directory with one in it, a symbolic link, a hard link, a FIFO, two devices.
    b"\0\0\0\0\x03abc", b"\0\x01\0\x03\0\0\x04\x02ab", b"\0\x02\0\x07\x23",
    b"\0\0\0\0\x01a\x03\0\x01\0", b"\0\x07\0\0", b"\0\x08\x01\0" + b"\1" * 12, b"\0\x09\x01\0" + b"\1" * 12,
    # Records before a file, long names, global records.
    b"\0\0\x02\0\x02ab\x02\0\0\0\x05\x03\x07\x01", b"\0\0\x08\0\0\0\x01\x01\0\0\x02ab",
    b"\0\0\x80\x05\x03\x07\x01\0\x02ab",
    # Sparse files, in each of the four ways.
    b"\0\0\x40\0\x04abcd\x02\x02\x03\x02\x05\x01\0", b"\0\0\x40\0\x04abcd\x02\x02\x03\x02\x05\x01\x01",
    b"\0\0\x40\0\x04abcd\x02\x02\x03\x02\x05\x01\x02", b"\0\x0a\0\0\x04abcd\x02\x02\x03\x02\x05\x01",
]

FIELDS = [
    b"n\x000000644\0", b"n\x01\x80\0\0\0\0\0\0\0\0\0\0\1", b"n\x01\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff",
    b"d1350244992.023960108", b"d-1.5", b"\x64\xf9\x01", b"q./rootfs//a/", b"qrootfs/\xff\x80", b"q././a", b"qa/../b",
    b"p27 mtime=1350244992.023961\n", b"p12 path=abc\n" b"20 GNU.sparse.major=1\n".replace(b"20", b"22"),
    b"p30 SCHILY.xattr.user.a=value1\n", b"p24 GNU.sparse.offset=10\n26 GNU.sparse.numbytes=12\n",
    b"s\x40\x02\x03\x06\x01", b"s\xf9" + b"2\n0\n512\n1024\n0\n", b"w\x00\x04abcd\x00\x03xyz",
    b"w\x02\x02ab\x00\x00\x00\x00\x00\x00\x04here\x01\x06user.a\x02hi",
    b"g\x01\x1e\x03abc\x03xyz\x02no\x05hello\x06\x01\x02\x04more\x01", b"h" + b"\0" * 512,
]


def plain(data):
    """The tar in an image, or nothing if it cannot be had."""
    for magic, decompress in ((b"\x1f\x8b", gzip.decompress), (b"BZh", bz2.decompress), (b"\xfd7zXZ", lzma.decompress)):
        if data.startswith(magic):
            try:
                return decompress(data)
            except (OSError, EOFError, ValueError, lzma.LZMAError, zlib.error):
                return b""
    return data


def zstd(data):
    """A Zstandard frame of one block that is not compressed, between two frames that are skipped."""
    skipped = b"\x50\x2a\x4d\x18\x03\0\0\0abc"
    size = len(data).to_bytes(4, "little")
    block = (len(data) << 3 | 1).to_bytes(3, "little")
    return skipped + b"\x28\xb5\x2f\xfd\xa0" + size + block + data + skipped


def seeds():
    yield from (b"a" + recipe for recipe in RECIPES)
    yield from FIELDS
    compressed = 0
    with tarfile.open(CORPUS) as corpus:
        for member in corpus:
            # Manifests are what Scripts/fuzz schema is for.
            name = member.name.rpartition("/")[2]
            if not name.endswith(".aci") or name.startswith("json-") or member.size > seeding.LARGEST:
                continue
            data = corpus.extractfile(member).read()
            yield b"f" + data
            if data.startswith(b"\x1f\x8b"):
                yield b"g\0" + data
            # The end of an archive may be 10 KB of zeros, which tell a fuzzer nothing.
            tar = plain(data).rstrip(b"\0")
            tar += bytes(-len(tar) % 512 + 1024)
            yield b"t" + tar
            # A few are enough to know what lies around a tar.
            if len(tar) <= 4096 and compressed < 16:
                compressed += 1
                frame = zstd(tar)
                yield from (b"z" + frame, b"f" + frame[11:], b"f" + lzma.compress(tar), b"f" + bz2.compress(tar))
                yield b"x" + lzma.compress(tar) + bytes(4) + lzma.compress(tar[:512], check=lzma.CHECK_SHA256)
            yield b"h" + tar[:512]


seeding.write(seeds(), 400)
