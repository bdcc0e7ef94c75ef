"""Makes the documents both servers serve, and the lists of requests: tree.py SITE LISTS. The same at every call."""
import bisect
import itertools
import os
import random
import sys

KIB = 1024
FILES = 1000
LARGE = 256 * KIB * KIB


def write(path, size, rng):
    block = rng.randbytes(min(size, 1 << 20))
    with open(path, "wb") as file:
        for start in range(0, size, len(block)):
            file.write(block[: size - start])


def main(site, lists):
    rng = random.Random(20260401)
    os.makedirs(site + "/many")
    os.makedirs(lists, exist_ok=True)
    for name, size in [("1k.bin", KIB), ("10k.bin", 10 * KIB), ("100k.bin", 100 * KIB), ("256m.bin", LARGE)]:
        write(f"{site}/{name}", size, rng)
    # Sizes spread evenly on a logarithmic scale; the size has nothing to do with how often a file is asked for.
    for number in range(FILES):
        write(f"{site}/many/{number}.bin", int(KIB * 1024 ** rng.random()), rng)
    weights = list(itertools.accumulate(1 / (rank + 1) for rank in range(FILES)))
    with open(lists + "/zipf", "w") as file:
        for _ in range(20000):
            file.write(f"/many/{bisect.bisect_left(weights, rng.random() * weights[-1])}.bin\n")
    with open(lists + "/ranges", "w") as file:
        for _ in range(20000):
            start = rng.randrange(LARGE - 64 * KIB)
            file.write(f"/256m.bin\tRange: bytes={start}-{start + 64 * KIB - 1}\n")


main(*sys.argv[1:])
