#!/usr/bin/env python3
"""Writes records as a store has them, and names of its files, as seeds for Scripts/fuzz.

    Fuzzing/Seeds/store.py DIRECTORY

A seed starts with the letter of its target, as Fuzzing/Store/StoreTarget.swift has them.
"""

import json

import seeding

ID = "sha512-" + "00" * 64
OTHER = "sha512-" + "ff" * 64
METADATA = "mode=0644 uid=0 gid=1000 time=1700000000.000000001"

RECORD = {
    "id": ID, "name": "example.com/app",
    "labels": [{"name": "version", "value": "1.0"}, {"name": "os", "value": "linux"}], "tarBytes": 10240,
    "importedAtSeconds": 1700000000, "importedAtNanoseconds": 5, "latest": True,
    "origin": "https://example.com/app.aci"}
REMOTE = {
    "url": "https://example.com/app.aci", "imageID": ID, "signatureURL": "https://example.com/app.aci.asc",
    "etag": "\"abc\"", "lastModified": "Tue, 14 Nov 2023 22:13:20 GMT", "maxAge": 3600,
    "fetchedAtSeconds": 1700000000, "fetchedAtNanoseconds": 5}
DIGEST = {
    "tree": "tree-" + "0a" * 32, "image": ID, "images": [ID, OTHER], "contentBytes": 4096, "entries": 3,
    "listingSHA512": "0a" * 64}

LINES = [
    f". type=dir {METADATA}", f"./etc/motd type=file {METADATA} size=6 sha256digest={'5a' * 32}",
    f"./lib type=link {METADATA} link=usr/lib", "#hard link to ./etc/motd\n./etc/issue type=file",
    f"./a\\040b type=fifo {METADATA}", f"./null type=char {METADATA}", f"./sda type=block {METADATA}",
    f"./a type=file {METADATA} size=0 sha256digest={'00' * 32}\n./b type=link {METADATA} link=\\303\\244",
]
NAMES = [
    b"f" + ID.encode(), b"f" + ID.encode() + b".json", b"f" + ID.encode() + b".manifest", b"f" + OTHER.encode() + b".2",
    b"ttree-" + b"0a" * 32, b"kexample.com/app\0example.com/App", b"k" + b"a" * 300 + b"\0" + b"a" * 199,
    b"nexample.com/app\nexample.com,app", b"p/etc/passwd\n/usr/\nbin", b"p/../manifest", b"p",
    b"isha512-00", b"isha512-" + b"f" * 128,
]


def variants(value):
    """The whole, without each of its fields, and with each field something else."""
    yield value
    for key in value:
        yield {name: field for name, field in value.items() if name != key}
        for other in (None, -1, 2**63, "", "../../etc/passwd", OTHER, []):
            yield value | {key: other}


def seeds():
    for letter, value in ((b"r", RECORD), (b"m", REMOTE), (b"d", DIGEST)):
        for variant in variants(value):
            yield letter + json.dumps(variant).encode()
            yield letter + json.dumps(variant, indent=2).encode()
    for url in ("https://u:p@example.com/", "https:example.com@x/", "file:///a@b", "http:\\\\a@b", "//a@b/c", "x"):
        yield b"m" + json.dumps(REMOTE | {"url": url}).encode()
    yield from (b"l" + line.encode() for line in LINES + ["\n".join(LINES)])
    yield from (b"w" + bytes(range(size)) for size in (0, 8, 40, 80, 200))
    yield from NAMES


seeding.write(seeds(), 100)
