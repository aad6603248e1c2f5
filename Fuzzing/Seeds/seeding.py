"""What the fuzzers' seeds.py have in common: seeds are small files, for a fuzzer joins and lengthens them itself."""

import hashlib
import os
import pathlib
import sys

TESTS = pathlib.Path(__file__).resolve().parent.parent.parent / "Tests"
LARGEST = 16 << 10


def write(seeds, least):
    """Writes seeds to the directory that the command line names, each once; fails if there are too few."""
    if len(sys.argv) != 2:
        sys.exit(sys.modules["__main__"].__doc__.strip())
    directory = sys.argv[1]
    os.makedirs(directory, exist_ok=True)
    written = set()
    for seed in seeds:
        name = hashlib.sha1(seed).hexdigest()
        if len(seed) <= LARGEST and name not in written:
            written.add(name)
            with open(os.path.join(directory, name), "wb") as file:
                file.write(seed)
    if len(written) < least:
        sys.exit(f"seeds: only {len(written)} were found below {TESTS}")
    print(f"seeds: {len(written)}")
