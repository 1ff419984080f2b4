"""Engines: who runs the parts of a job: this process, several, or the workers of Ray or Spark.

An engine gives each part to somebody at least once.  What it returns only moves the progress bar.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import Any

from troth.runtime.bulk.segments import Segment
from troth.terms import TrothError

Do = Callable[[Segment], object]  # one part; it and what it holds can be pickled
TRIES = 5  # how often a part is handed out again whose worker died, with nothing done in between


class NoEngine(TrothError):
    """The engine that was asked for is not installed."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is not installed here; install troth[{name}], or leave the engine out")


def processes(segments: Sequence[Segment], do: Do, workers: int) -> Iterator[None]:
    """Run the parts in this process, or in so many others; a killed worker's parts are handed out again."""
    if workers == 1:
        for segment in segments:
            do(segment)
            yield
        return
    left, vain = list(segments), 0
    while left:
        before = len(left)
        try:
            with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
                given = {pool.submit(do, segment): segment for segment in left}
                for done in as_completed(given):
                    done.result()
                    left.remove(given[done])
                    yield
        except BrokenProcessPool:
            vain = 0 if len(left) < before else vain + 1
            if vain == TRIES:
                raise


def ray(segments: Sequence[Segment], do: Do, workers: int) -> Iterator[None]:
    """Run the parts on Ray: on the cluster this process is joined to, else on this machine alone."""
    engine = _engine("ray")
    own = not engine.is_initialized()
    if own:
        engine.init(
            num_cpus=workers, include_dashboard=False, log_to_driver=False, _node_ip_address="127.0.0.1"
        )
    try:
        remote = engine.remote(max_retries=TRIES)(_hand)
        waiting = [remote.remote(do, segment) for segment in segments]
        while waiting:
            done, waiting = engine.wait(waiting)
            engine.get(done)
            yield
    finally:
        if own:
            engine.shutdown()


def spark(segments: Sequence[Segment], do: Do, workers: int) -> Iterator[None]:
    """Run the parts on Spark: on the session that is there, else on workers of their own on this machine."""
    found = _engine("pyspark.sql", "spark").SparkSession
    own = found.getActiveSession() is None
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    alone = found.builder.master(f"local-cluster[{workers},1,1024]").config("spark.ui.enabled", "false")
    session = alone.getOrCreate() if own else None
    context = (session or found.getActiveSession()).sparkContext
    try:
        context.parallelize(list(segments), len(segments)).foreach(do)
        yield from (None for _ in segments)
    finally:
        if session is not None:
            session.stop()


ENGINES = {"processes": processes, "ray": ray, "spark": spark}


def _hand(do: Do, segment: Segment) -> None:
    do(segment)


def _engine(module: str, name: str = "") -> Any:
    try:
        return importlib.import_module(module)
    except ImportError:
        raise NoEngine(name or module) from None
