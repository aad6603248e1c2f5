#!/usr/bin/env python3
"""Writes what the tests already read as seeds for Scripts/fuzz.

    Fuzzing/Seeds/schema.py DIRECTORY

Every `Cases/*.jsonl` below Tests is taken: a line's `input` (or `hex`) becomes a file that starts with the letter
of its target, as Fuzzing/Schema/SchemaTarget.swift has them.
"""

import json

import seeding

# A type of the case files, and the targets that read it.
TARGETS = {
    "ImageManifest/json": "ij", "PodManifest/json": "pj", "Quantity/string": "q", "Volume/string": "v",
    "MountPoint/string": "m", "Port/string": "t", "DiscoveryApp/string": "r", "UUID/string": "u",
    "ACIdentifier": "n", "ACName": "n", "SanitizeACIdentifier": "n", "SanitizeACName": "n", "App/json": "Aj",
    "Labels/json": "L", "Annotations/json": "N", "Dependency/json": "D", "Environment/json": "E",
    "EventHandler/json": "H", "ExposedPort/json": "X", "Isolator/json": "I", "Volume/json": "V",
    "MountPoint/json": "M", "Port/json": "P", "Mount/json": "O", "RuntimeApp/json": "R", "RuntimeImage/json": "G",
    "LastDitchImageManifest/json": "i", "LastDitchPodManifest/json": "p",
}
# These hold a text that has a target of its own.
TEXTS = {"Quantity/json": "q", "UUID/json": "u", "Hash/json": "h", "SemVer/json": "s", "Date/json": "d"}

# What no case file has: several values in one input, a manifest with another to be changed to.
BY_HAND = [
    b"q1.5Gi\n300m\n-1e6", b"q9Ei\n.5n\n+1E", b"s0.8.11\n1.0.0-rc.1+git\n1.0.0-rc.2", b"d2014-10-27T19:32:27.67021798Z",
    b"d0000-02-29T23:59:59+14:30", b"rexample.com/app:1.0,os=linux,arch=amd64", b"rsha512-0123456789ab",
    b"x/bin/sh -c true", b'x["/bin/echo","a b"]', b"xpre-start=/bin/true x", b"khomepage=https://example.com/",
    b"kPATH=/bin:/sbin", b"kversion=1.0", b'k{"name":"a","value":"b"}', b'k{"a":"b"}', b"ovolume=work,target=/work",
    b"whttp:127.0.0.1:8080", b"whttp:[::1]:8080", b"yresource/cpu,request=500m,limit=1:os/linux/no-new-privileges,true",
    b"yos/linux/seccomp-retain-set,errno=EPERM,read,write", b'yos/linux/selinux-context,user=u,role=r,type=t,level="s0:c1,c2"',
    b'yexample.com/x={"a":[1]}', b"yos/unix/sysctl,kernel.hostname=a:resource/block-iops,limit=1k",
    b"ma,path=/a:b,path=/b,readOnly=true", b"ta,port=80,count=2:b,protocol=udp,port=53,socketActivated=true",
    b"hsha512-" + b"0123456789abcdef" * 8,
    b"i" + b'{"acKind":"ImageManifest","acVersion":"0.8.11","name":"a"}' + b"\0"
    + b'{"acKind":"ImageManifest","acVersion":"0.5.0","name":"b","dependencies":[{"app":"c"}]}',
    b"p" + b'{"acKind":"PodManifest","acVersion":"0.8.11","apps":[]}' + b"\0"
    + b'{"acKind":"PodManifest","acVersion":"0.8.11","apps":[{"name":"a","image":{"id":"sha512-'
    + b"0123456789abcdef" * 8 + b'"}}],"volumes":[{"name":"v","kind":"empty","mode":"0700"}]}',
    b'O{"volume":"v","path":"/v","appVolume":{"name":"v","kind":"host","source":"/srv"}}',
    b'R{"name":"a","image":{"name":"b","labels":[]},"mounts":[{"volume":"v","mountPoint":"w"}]}',
    b'G{"id":"sha512-...","name":"b","labels":[{"name":"os","value":"linux"}]}',
]


def inputs_of(case):
    """What one line of a case file is good for."""
    if "hex" in case:
        data = bytes.fromhex(case["hex"])
        yield from ((letter, data) for letter in "ij")
        return
    kind, text = case.get("type", ""), case.get("input")
    if not isinstance(text, str):
        return
    data = text.encode("utf-8", "surrogatepass")
    yield from ((letter, data) for letter in TARGETS.get(kind, "j"))
    if kind in TEXTS:
        try:
            value = json.loads(text)
        except ValueError:
            return
        if isinstance(value, str):
            yield TEXTS[kind], value.encode("utf-8", "surrogatepass")


def seeds():
    yield from BY_HAND
    for path in sorted(seeding.TESTS.glob("**/Cases/*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.strip():
                yield from (letter.encode() + data for letter, data in inputs_of(json.loads(line)))


seeding.write(seeds(), 100)
