#!/usr/bin/env python3
"""Runs a tool over a corpus of hostile images, in a box with canaries, and says what it did wrong.

    check-extractor.py --corpus DIR --cmd 'tar -xpf {aci} -C {out}' [--name gnutar] [--safety-only]
    check-extractor.py --corpus DIR --only '^set-' --cmd true --render-cmd 'tool {deps} -- {top} {out}/r' --sub r

The corpus is a directory with an index.json, whose cases say what must hold. Each case gets a tmpfs of its own in a
private mount namespace, so this needs root, and memory for a decompression bomb: 2 GB a job.

In --cmd {aci} is the image, {out} an empty directory that exists, {box} the box; a set of images gets one run for each,
the lowest first. In --render-cmd, for sets, {top} is the uppermost image, {deps} are the others and {acis} all of
them. A tool accepts an image with the exit status 0.

What is wrong with a case: UNSAFE:WHAT, an invariant was broken; HANG; CRASH; ACCEPTED-BAD; REJECTED-GOOD; WRONG,
accepted, but the tree is another; RESIDUE, refused, but something was left; CHOICE, a case that may be answered
either way is answered otherwise than the table of --choices says. The status is 0 if nothing is.
"""

import argparse
import collections
import ctypes
import hashlib
import json
import multiprocessing
import os
import re
import resource
import signal
import stat
import subprocess
import sys
import tempfile
import time
import traceback

SECRET = b"CANARY-SECRET-7f3a91"
LIBC = ctypes.CDLL(None, use_errno=True)
CLONE_NEWNS, MS_REC, MS_PRIVATE, MNT_DETACH = 0x20000, 0x4000, 0x40000, 2
# A directory of a case may be as deep as the kernel allows, or hold as much as a bomb: what is beyond is not looked at.
MOST_FILES, MOST_PATHS, MOST_OPEN = 250_000, 5_000, 800
MOST_READ = 1 << 20
FILE_TYPES = {
    stat.S_IFREG: "f", stat.S_IFDIR: "d", stat.S_IFLNK: "l", stat.S_IFIFO: "p", stat.S_IFCHR: "c", stat.S_IFBLK: "b"}


def mount(source, target, kind, flags, data=None):
    if LIBC.mount(source, os.fsencode(target), kind, flags, data) != 0:
        raise OSError(ctypes.get_errno(), f"cannot mount {target}")


# --- the box ---------------------------------------------------------------------------------------------


class Box:
    """A tmpfs with canaries around the directory that a tool may write to."""

    def __init__(self, path):
        self.path = path
        self.work = path + "/work"
        self.out = self.work + "/out"

    def __enter__(self):
        mount(b"tmpfs", self.path, b"tmpfs", 0, b"size=1800m,nr_inodes=1000k,mode=755")
        for name in ("canary", "canary/sub", "work", "work/out"):
            os.mkdir(f"{self.path}/{name}")
        for name, content, mode in (
            ("victim", b"victim content\n", 0o644), ("secret", SECRET + b"\n", 0o600), ("sub/x", b"x", 0o644),
            ("tool", b"#!/bin/sh\n", 0o755),
        ):
            path = f"{self.path}/canary/{name}"
            with open(path, "wb") as file:
                file.write(content)
            os.chmod(path, mode)
            os.utime(path, (1e9, 1e9))
        for name in ("canary/sub", "canary"):
            os.utime(f"{self.path}/{name}", (1e9, 1e9))
        return self

    def __exit__(self, *_):
        # A tool may have mounted something over it.
        for _ in range(20):
            if LIBC.umount2(os.fsencode(self.path), MNT_DETACH) != 0:
                break

    def state(self):
        """Everything in the box besides the tool's output, and what of the host a hostile image is after."""
        found = {}
        for directory, names, files in os.walk(self.path):
            if directory == self.work:
                names[:] = [name for name in names if name != "out"]
            for name in names + files:
                path = os.path.join(directory, name)
                found[path] = identity(path)
        if self.work in found:
            found[self.work] = found[self.work][:3]  # its time may change
        status = os.lstat(self.path)
        found[self.path] = (status.st_mode, status.st_uid, status.st_gid)
        found["the output's type"] = os.path.isdir(self.out) and not os.path.islink(self.out)
        for path in ("/", "/etc", "/etc/passwd", "/etc/shadow", "/tmp", "/usr/bin"):
            status = os.lstat(path)
            links = status.st_nlink if path == "/etc/passwd" else 0
            found["host " + path] = (status.st_mode, status.st_uid, status.st_gid, links, status.st_ino)
        for path in ("/pwned", "/tmp/pwned", "/rootfs", "/manifest"):
            found["host " + path] = os.path.lexists(path)
        return found


def identity(path):
    """All that can be changed about a file."""
    status = os.lstat(path)
    content = None
    if stat.S_ISREG(status.st_mode):
        content = digest(path)
    elif stat.S_ISLNK(status.st_mode):
        content = os.readlink(path)
    links = 0 if stat.S_ISDIR(status.st_mode) else status.st_nlink
    return (
        status.st_mode, status.st_uid, status.st_gid, status.st_size if content else 0, links, status.st_ino,
        status.st_rdev, content, status.st_mtime_ns, attributes(path))


def digest(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def attributes(path):
    try:
        names = os.listxattr(path, follow_symlinks=False)
        return tuple(sorted((name, os.getxattr(path, name, follow_symlinks=False)) for name in names))
    except OSError:
        return ()


# --- the tool --------------------------------------------------------------------------------------------


class Run:
    """One or more commands, one after the other until one fails."""

    def __init__(self, commands, seconds):
        self.status, self.hung, self.megabytes, self.seconds, self.output = 0, False, 0, 0.0, b""
        for command in commands:
            self.command(command, max(1, seconds - self.seconds))
            if self.status != 0 or self.hung:
                break

    @property
    def crashed(self):
        return self.status < 0 or 128 < self.status < 160

    def command(self, command, seconds):
        def prepare():
            os.setsid()
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            os.umask(0o022)

        start = time.monotonic()
        with tempfile.TemporaryFile() as output:
            process = subprocess.Popen(
                ["bash", "-c", command], stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
                preexec_fn=prepare)
            status, usage = self.wait(process, start + seconds)
            self.kill_group(process)  # stragglers
            output.seek(0)
            self.output += output.read(200_000)
        self.status = os.waitstatus_to_exitcode(status)
        self.megabytes = max(self.megabytes, usage.ru_maxrss // 1024)
        self.seconds += time.monotonic() - start

    def wait(self, process, deadline):
        while True:
            pid, status, usage = os.wait4(process.pid, os.WNOHANG)
            if pid == 0 and time.monotonic() > deadline:
                self.hung = True
                self.kill_group(process)
                pid, status, usage = os.wait4(process.pid, 0)
            if pid != 0:
                process.returncode = 0  # it is reaped; subprocess must not wait for it
                return status, usage
            time.sleep(0.003)

    @staticmethod
    def kill_group(process):
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            pass


# --- a case ----------------------------------------------------------------------------------------------


class Check:
    """What a tool did with a case, and what is wrong with that."""

    def __init__(self, case, options, box):
        self.case, self.options, self.box = case, options, box
        self.root = os.path.normpath(os.path.join(box.out, options.sub))
        self.wrong = []
        self.limits = {
            kind: int(value) for kind, _, value in (check.partition(":") for check in case["checks"])
            if kind in ("time", "rss", "disk")}
        self.paths = {}

    def perform(self):
        before = self.box.state()
        self.run = Run(self.commands(), self.limits["time"])
        self.check_run()
        after = self.box.state()
        self.check_contained(before, after)
        if after["the output's type"]:
            self.check_output()
        self.check_paths()
        self.check_verdict()
        if self.run.status == 0 and not self.run.hung:
            for expectation in self.case["if_accepted"]:
                self.check_expectation(expectation)
        return {
            "id": self.case["id"], "expect": self.case["expect"], "status": self.run.status,
            "wrong": sorted(set(self.wrong)), "seconds": round(self.run.seconds, 2), "megabytes": self.run.megabytes,
            "output": self.run.output[-300:].decode("utf-8", "replace")}

    def commands(self):
        files = [f"{self.options.corpus}/{name}" for name in self.case.get("files", [self.case.get("file")])]
        places = {"out": self.box.out, "box": self.box.path}
        if "files" in self.case and self.options.render_cmd:
            return [self.options.render_cmd.format(
                acis=" ".join(files), top=files[-1], deps=" ".join(files[:-1]), **places)]
        return [self.options.cmd.format(aci=file, **places) for file in files]

    def check_run(self):
        if self.run.hung:
            self.wrong.append("HANG")
        elif self.run.crashed:
            self.wrong.append(f"CRASH:{self.run.status}")
        if self.run.megabytes > self.limits["rss"] + self.options.rss_slack:
            self.wrong.append(f"UNSAFE:rss={self.run.megabytes}>{self.limits['rss']}")

    def check_contained(self, before, after):
        changed = sorted(key for key in before.keys() | after.keys() if before.get(key) != after.get(key))
        if changed:
            self.wrong.append("UNSAFE:contained " + ", ".join(key.replace(self.box.path, "BOX") for key in changed[:3]))
        if before["host /"] != after["host /"]:
            os.chmod("/", stat.S_IMODE(before["host /"][0]))
            os.chown("/", before["host /"][1], before["host /"][2])

    def check_output(self):
        blocks = 0
        for path, status, directory, name in walk(self.box.out):
            blocks += status.st_blocks
            if len(self.paths) < MOST_PATHS:
                self.paths[path] = status
            self.check_file(status, directory, name)
        limit = self.limits.get("disk")
        if limit is not None and blocks * 512 > limit << 20:
            self.wrong.append(f"UNSAFE:disk={blocks * 512 >> 20}M>{limit}M")

    def check_file(self, status, directory, name):
        checks = self.case["checks"]
        if "no-secret" in checks and stat.S_ISREG(status.st_mode) and status.st_size < MOST_READ:
            file = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=directory)
            if SECRET in os.read(file, MOST_READ):
                self.wrong.append("UNSAFE:no-secret in file")
            os.close(file)
        for check in checks:
            if check.startswith("no-xattr:"):
                path = f"/proc/self/fd/{directory}/{name}"
                if check.removeprefix("no-xattr:") in (key for key, _ in attributes(path)):
                    self.wrong.append("UNSAFE:" + check)

    def check_paths(self):
        for check in self.case["checks"]:
            kind, _, path = check.partition(":")
            if kind == "absent" and os.path.lexists(os.path.join(self.root, path)):
                self.wrong.append("UNSAFE:" + check)
            if kind == "host-absent" and os.path.lexists(path):
                self.wrong.append("UNSAFE:" + check)
                os.unlink(path)
        if "no-secret" in self.case["checks"] and SECRET in self.run.output:
            self.wrong.append("UNSAFE:no-secret in output")

    def check_verdict(self):
        if self.options.safety_only or self.run.hung:
            return
        accepted = self.run.status == 0
        if self.case["expect"] == "reject" and accepted:
            self.wrong.append("ACCEPTED-BAD")
        if self.case["expect"] == "accept" and not accepted:
            self.wrong.append("REJECTED-GOOD")
        if not accepted and self.paths:
            self.wrong.append("RESIDUE " + ", ".join(sorted(self.paths)[:3]))
        choice, _ = self.options.chosen.get(self.case["id"], (None, ""))
        if choice is not None and accepted != (choice == "accept"):
            self.wrong.append(f"CHOICE is to {choice}")

    def check_expectation(self, expectation):
        kind, _, rest = expectation.partition(":")
        name, _, wanted = rest.rpartition("=")
        if kind == "gone":
            name, wanted = rest, "gone"
        path = os.path.join(self.root, name or rest)
        try:
            got = actual(kind, path, wanted)
        except FileNotFoundError:
            got = "gone"
        except OSError as error:
            got = error.strerror
        if got != wanted:
            self.wrong.append(f"WRONG {expectation[:90]}: {got[:60]}")


def actual(kind, path, wanted):
    """What a path is, in the words of an expectation of the corpus."""
    if kind == "count":
        return str(len(os.listdir(path)))
    status = os.lstat(path)
    if kind == "file":
        return "sha256:" + digest(path) if stat.S_ISREG(status.st_mode) else "not a file"
    if kind == "link":
        return os.readlink(path)
    if kind == "mode":
        return f"{stat.S_IMODE(status.st_mode):o}"
    if kind == "owner":
        return f"{status.st_uid}:{status.st_gid}"
    if kind == "xattr":
        return wanted if wanted in os.listxattr(path) else "absent"
    if kind == "type":
        return FILE_TYPES.get(stat.S_IFMT(status.st_mode), "?")
    return "present"


def walk(directory):
    """Every file beneath a directory: path, status, directory and name. By descriptor, for paths may be too long."""
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
    waiting = [(os.open(directory, flags), "")]
    count = 0
    try:
        while waiting:
            opened, prefix = waiting.pop()
            try:
                for name in os.listdir(opened):
                    count += 1
                    if count > MOST_FILES:
                        return
                    status = os.stat(name, dir_fd=opened, follow_symlinks=False)
                    yield prefix + name, status, opened, name
                    if stat.S_ISDIR(status.st_mode) and len(waiting) < MOST_OPEN:
                        try:
                            waiting.append((os.open(name, flags, dir_fd=opened), f"{prefix}{name}/"))
                        except OSError:
                            pass
            finally:
                os.close(opened)
    finally:
        for opened, _ in waiting:
            os.close(opened)


# --- all cases -------------------------------------------------------------------------------------------


def enter(options, box):
    """Makes a worker: mounts of its own, of which the host sees nothing."""
    global OPTIONS, BOX
    OPTIONS, BOX = options, Box(box)
    if LIBC.unshare(CLONE_NEWNS) != 0:
        raise OSError(ctypes.get_errno(), "cannot have mounts of its own; run it as root")
    mount(b"none", "/", b"none", MS_REC | MS_PRIVATE)


def check(case):
    try:
        with BOX:
            return Check(case, OPTIONS, BOX).perform()
    except Exception:  # of whatever kind: the other cases go on
        return {"id": case["id"], "expect": case["expect"], "status": None, "seconds": 0, "megabytes": 0, "output": "",
                "wrong": ["CHECKER " + traceback.format_exc()[-300:].replace("\n", " ")]}


def summary(name, results, seconds):
    counts = collections.Counter(
        kind for result in results for kind in {re.match("[A-Z-]+", fault)[0] for fault in result["wrong"]})
    memory = max((result["megabytes"] for result in results), default=0)
    kinds = ("UNSAFE", "HANG", "CRASH", "ACCEPTED-BAD", "REJECTED-GOOD", "WRONG", "RESIDUE", "CHOICE", "CHECKER")
    faults = ", ".join(f"{counts[kind]} {kind.lower()}" for kind in kinds)
    return f"{name}: {len(results)} cases, {faults}; at most {memory} MB, {seconds:.0f} s"


def choices(path):
    """The table of a project's choices: lines of a verdict, a case, and after a colon why."""
    chosen = {}
    with open(path, encoding="utf-8") as file:
        for line in file:
            words, _, reason = line.partition("#")[0].partition(":")
            words = words.split()
            if not words:
                continue
            if len(words) != 2 or words[0] not in ("accept", "reject") or words[1] in chosen:
                sys.exit(f"check-extractor: {path}: not a choice, or a second one: {line.strip()}")
            chosen[words[1]] = words[0], reason.strip()
    return chosen


def recommendation(case):
    """What the corpus recommends for a case that may be answered either way; None if it leaves that open."""
    policy = case.get("policy") or ""
    if " or " in policy or "at run" in policy:
        return None
    if policy.startswith("accept"):
        return "accept"
    return "reject" if policy.startswith(("reject", "refuse", "limit")) else None


def check_choices(chosen, cases):
    """Each such case has a choice, with a reason just where it is not what the corpus recommends."""
    undecided = {case["id"]: case for case in cases if case["expect"] == "either"}
    problems = []
    for name in sorted(undecided.keys() | chosen.keys()):
        if name not in undecided:
            problems.append(f"{name} is no case that may be answered either way")
        elif name not in chosen:
            problems.append(f"{name} has no choice")
        else:
            verdict, reason = chosen[name]
            differs = recommendation(undecided[name]) not in (None, verdict)
            if differs != bool(reason):
                problems.append(f"{name} has {'no' if differs else 'a'} reason to differ from what is recommended")
    for problem in problems:
        print(f"check-extractor: {problem}", file=sys.stderr)
    return not problems


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, usage=argparse.SUPPRESS)
    parser.add_argument("--corpus", required=True, metavar="DIR", help="the unpacked corpus")
    parser.add_argument("--cmd", required=True, metavar="COMMAND", help="what extracts an image, for bash")
    parser.add_argument("--render-cmd", metavar="COMMAND", help="what renders a set of images")
    parser.add_argument("--sub", default=".", metavar="DIR", help="where the image's root is, in {out}")
    parser.add_argument("--only", metavar="REGEX", help="cases with such names only")
    parser.add_argument("--skip", metavar="REGEX", help="no cases with such names")
    parser.add_argument("--choices", metavar="FILE", help="the table of choices, which must be complete")
    parser.add_argument("--safety-only", action="store_true", help="whatever is accepted is right, if it is safe")
    parser.add_argument("--rss-slack", type=int, default=0, metavar="MB", help="memory over a case's limit")
    parser.add_argument("--jobs", type=int, default=2, metavar="N", help="cases at the same time")
    parser.add_argument("--name", default="tool", help="what the report calls the tool")
    parser.add_argument("--json", metavar="FILE", help="where all results go")
    parser.add_argument("-v", "--verbose", action="store_true", help="a line for each case")
    options = parser.parse_args()
    options.chosen = choices(options.choices) if options.choices else {}
    return options


def main():
    options = arguments()
    if os.geteuid() != 0:
        sys.exit("check-extractor: it mounts a box for each case; run it as root")
    with open(options.corpus + "/index.json", encoding="utf-8") as file:
        index = json.load(file)
    complete = not options.choices or check_choices(options.chosen, index["cases"])
    cases = [
        case for case in index["cases"]
        if (not options.only or re.search(options.only, case["id"]))
        and not (options.skip and re.search(options.skip, case["id"]))]
    if not cases:
        sys.exit("check-extractor: there is no such case")
    start = time.monotonic()
    # Where links of the images lead.
    made = not os.path.isdir(index["box"])
    os.makedirs(index["box"], exist_ok=True)
    try:
        with multiprocessing.Pool(options.jobs, enter, (options, index["box"])) as pool:
            results = list(pool.imap(check, cases))
    finally:
        if made:
            os.rmdir(index["box"])
    for result in results:
        if result["wrong"] or options.verbose:
            faults = "; ".join(result["wrong"]) or "ok"
            print(f"{result['id']:<28} status {result['status']}: {faults}"[:240])
    line = summary(options.name, results, time.monotonic() - start)
    print(line)
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            everything = {"name": options.name, "command": options.cmd, "summary": line, "results": results}
            json.dump(everything, file, indent=0)
    return 0 if complete and not any(result["wrong"] for result in results) else 1


if __name__ == "__main__":
    sys.exit(main())
