"""``python -m bench.search [--sizes 100000,1000000,5000000] [--stores sqlite,postgres] [--write]``.

Fills each store with captions step by step, ours and a plain full-text table of the same database,
and asks both the same queries in turns. Then fifty rooms speak while others search. Everything
lies in a temporary folder, PostgreSQL's data too. Five million take about half an hour; ``--short``
takes some minutes.
"""

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from bench import page
from bench.search.corpus import Corpus, Query
from bench.search.live import spoken
from bench.search.report import Step, report
from bench.search.rivals import Way
from bench.search.ways import opened

MARK = "bench-search"
STORES = ("sqlite", "postgres")
SIZES = (100_000, 1_000_000, 5_000_000)
SHORT = (20_000, 100_000)


def measure(way: Way, queries: Sequence[Query]) -> dict[str, list[float]]:
    """How long each query takes, in milliseconds, by kind."""
    taken: dict[str, list[float]] = {}
    for query in queries:
        began = time.perf_counter()
        way.find(query)
        taken.setdefault(query.kind, []).append((time.perf_counter() - began) * 1e3)
    return taken


def steps(store: str, sizes: Sequence[int], count: int, folder: Path) -> list[Step]:
    """Fill a store and its plain table in steps, and measure both at each."""
    corpus = Corpus(max(sizes))
    queries = corpus.queries(count)
    found = []
    with opened(store, folder) as (ours, plain):
        captions = {ours.name: corpus.captions(), plain.name: corpus.captions()}
        filled = 0
        for size in sizes:
            seconds = {}
            for way in (ours, plain):
                began = time.perf_counter()
                way.fill(islice(captions[way.name], size - filled))
                seconds[way.name] = time.perf_counter() - began
            for way in (ours, plain):
                measure(way, queries[: len(queries) // 10])  # what is read first is read from disk
            step = Step(
                store=store,
                size=size,
                rates={name: (size - filled) / spent for name, spent in seconds.items()},
                bytes_={way.name: way.size() for way in (ours, plain)},
                taken={way.name: measure(way, queries) for way in (ours, plain)},
            )
            print(step.line(), flush=True)
            found.append(step)
            filled = size
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(prog="python -m bench.search", description=__doc__)
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)), help="captions, with commas")
    parser.add_argument("--stores", default=",".join(STORES), help="which stores, with commas")
    parser.add_argument("--queries", type=int, default=100, help="how many of each kind")
    parser.add_argument("--short", action="store_true", help="less of everything")
    parser.add_argument("--write", action="store_true", help="put them into the documentation")
    options = parser.parse_args(arguments)
    sizes = SHORT if options.short else tuple(map(int, options.sizes.split(",")))
    wanted = options.stores.split(",")
    if unknown := set(wanted) - set(STORES):
        parser.error(f"there is no store {', '.join(sorted(unknown))}, but {' and '.join(STORES)}")
    stores = [store for store in wanted if _is_there(store)]
    for store in stores:
        with tempfile.TemporaryDirectory() as folder:
            found = steps(store, sizes, 20 if options.short else options.queries, Path(folder))
        with tempfile.TemporaryDirectory() as folder:
            live = spoken(store, Path(folder), seconds=2 if options.short else 10)
        block = report(store, found, live)
        print(f"\n{block}\n", flush=True)
        if options.write:
            page.write(block, f"{MARK}-{store}")
    return 0


def _is_there(store: str) -> bool:
    if store == "postgres" and not shutil.which("initdb", path=_postgres_path()):
        print("PostgreSQL is not installed (apt-get install postgresql): measured without it.")
        return False
    return True


def _postgres_path() -> str:
    return ":".join(str(folder) for folder in Path("/usr/lib/postgresql").glob("*/bin"))


if __name__ == "__main__":
    sys.exit(main())
