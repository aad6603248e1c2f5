#!/usr/bin/env python3
"""Makes images out of a Debian tree, for make-corpus. The same tree gives the same bytes.

    corpus.py debian BOOTSTRAP.tar >ACI     the tree itself, without device nodes
    corpus.py small DEBIAN.aci >ACI         60,000 small files, of the bytes of its files
    corpus.py large DEBIAN.aci >ACI         one file of 1 GiB, of the same bytes over and over
    corpus.py tiny DIR                      100 images of 10 KiB
    corpus.py oci ACI ACI.gz DIR            an OCI image whose only layer is the compressed image
"""

import hashlib
import io
import json
import os
import random
import sys
import tarfile

EPOCH = 1_700_000_000
MANIFEST = '{"acKind":"ImageManifest","acVersion":"0.8.11","name":"example.com/%s"}'


def entry(name, kind, **fields):
    info = tarfile.TarInfo(name)
    info.type, info.mtime, info.mode = kind, EPOCH, 0o755
    for field, value in fields.items():
        setattr(info, field, value)
    return info


def add_file(archive, name, content, **fields):
    fields = {"mode": 0o644} | fields
    archive.addfile(entry(name, tarfile.REGTYPE, size=len(content), **fields), io.BytesIO(content))


def begin(output, name, mode="w|"):
    """An image with its manifest and the directory of its root."""
    archive = tarfile.open(fileobj=output, mode=mode, format=tarfile.GNU_FORMAT)
    add_file(archive, "manifest", (MANIFEST % name).encode())
    archive.addfile(entry("rootfs", tarfile.DIRTYPE))
    return archive


def debian(tree):
    with tarfile.open(tree, "r|") as source, begin(sys.stdout.buffer, "debian") as image:
        for info in source:
            if info.isdev() or info.name in (".", "./"):
                continue
            info.name = "rootfs/" + info.name.removeprefix("./")
            if info.islnk():
                info.linkname = "rootfs/" + info.linkname.removeprefix("./")
            info.uname = info.gname = ""
            info.pax_headers = {}
            image.addfile(info, source.extractfile(info) if info.isfile() else None)


def contents(image):
    """The bytes of all files of an image, one after the other."""
    with tarfile.open(image, "r|") as source:
        return b"".join(source.extractfile(info).read() for info in source if info.isfile())


def small(image):
    pool, chance = contents(image), random.Random(1)
    directories = ["rootfs/%02d" % top for top in range(30)]
    directories += ["rootfs/%02d/%02d" % (number % 30, number // 30) for number in range(1170)]
    # As a walk finds them. GNU tar loses the time of a directory that it returns to.
    directories.sort()
    files = []
    with begin(sys.stdout.buffer, "small") as archive:
        for place, directory in enumerate(directories):
            owner = chance.choice([0, 0, 0, 33, 1000])
            archive.addfile(entry(directory, tarfile.DIRTYPE, uid=owner, gid=owner, mtime=EPOCH + place))
            for number in range(45):
                size, start = chance.randrange(4097), chance.randrange(len(pool) - 4096)
                owner = chance.choice([0, 0, 0, 0, 33, 1000])
                name = "%s/file-%d" % (directory, number)
                add_file(
                    archive, name, pool[start:start + size], uid=owner, gid=owner, mtime=EPOCH + number,
                    mode=chance.choice([0o644, 0o644, 0o644, 0o755, 0o600, 0o640, 0o4755]))
                files.append(name)
            # 2.5 of each a directory.
            for number in range(2 + place % 2):
                target = "file-%d" % chance.randrange(45)
                archive.addfile(entry(
                    "%s/symlink-%d" % (directory, number), tarfile.SYMTYPE, linkname=target, mode=0o777))
                archive.addfile(entry(
                    "%s/link-%d" % (directory, number), tarfile.LNKTYPE, linkname=chance.choice(files)))


class Repetition:
    """Bytes over and over again, as a file."""

    def __init__(self, pool):
        self.pool, self.position = pool, 0

    def read(self, count):
        start = self.position % len(self.pool)
        chunk = self.pool[start:start + count]
        self.position += len(chunk)
        return chunk if len(chunk) == count else chunk + self.read(count - len(chunk))


def large(image):
    # The bytes return after more than 100 MB, far outside of what deflate can refer to.
    with begin(sys.stdout.buffer, "large") as archive:
        archive.addfile(
            entry("rootfs/file", tarfile.REGTYPE, size=1 << 30, mode=0o644), Repetition(contents(image)))


def tiny(directory):
    os.makedirs(directory + ".part")
    for number in range(100):
        output = io.BytesIO()
        archive = begin(output, "tiny-%d" % number, mode="w")
        add_file(archive, "rootfs/file", random.Random(number).randbytes(7 << 10))
        # Two blocks of zeros end an archive; tarfile would fill a record of a tape.
        with open("%s.part/%03d.aci" % (directory, number), "wb") as file:
            file.write(output.getvalue() + bytes(1024))
    os.rename(directory + ".part", directory)


def digest(path):
    with open(path, "rb") as file:
        return "sha256:" + hashlib.file_digest(file, "sha256").hexdigest()


def oci(image, layer, directory):
    blobs = directory + ".part/blobs/sha256/"
    os.makedirs(blobs)

    def blob(kind, value):
        content = json.dumps(value).encode()
        name = hashlib.sha256(content).hexdigest()
        with open(blobs + name, "wb") as file:
            file.write(content)
        return {
            "mediaType": "application/vnd.oci.image.%s.v1+json" % kind, "digest": "sha256:" + name,
            "size": len(content)}

    layer_digest = digest(layer)
    os.link(layer, blobs + layer_digest.removeprefix("sha256:"))
    config = blob("config", {
        "architecture": "amd64", "os": "linux", "config": {},
        "rootfs": {"type": "layers", "diff_ids": [digest(image)]}})
    manifest = blob("manifest", {
        "schemaVersion": 2, "config": config, "layers": [{
            "mediaType": "application/vnd.oci.image.layer.v1.tar+gzip", "digest": layer_digest,
            "size": os.path.getsize(layer)}]})
    manifest["annotations"] = {"org.opencontainers.image.ref.name": "latest"}
    for name, value in [
            ("oci-layout", {"imageLayoutVersion": "1.0.0"}),
            ("index.json", {"schemaVersion": 2, "manifests": [manifest]})]:
        with open("%s.part/%s" % (directory, name), "w") as file:
            json.dump(value, file)
    os.rename(directory + ".part", directory)


if __name__ == "__main__":
    {"debian": debian, "small": small, "large": large, "tiny": tiny, "oci": oci}[sys.argv[1]](*sys.argv[2:])
