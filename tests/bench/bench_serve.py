"""The server under load: `make bench-serve` prints one JSON object.

64 clients post articles (PolNeAR's dev articles where they are at hand, else the project's own gold) to `sourcing serve` for two
minutes, each as soon as it has its answer, or when Retry-After says so. Meanwhile /healthz is asked twenty times a second from a
process of its own. Articles a second are held against `sourcing analyze` on the same articles, memory (of the server and its
workers) at the end of the first minute against the end of the second.
"""

import asyncio
import http.client
import json
import multiprocessing
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

import httpx
import numpy as np

sys.path.insert(0, str(Path(__file__).parent))
from bench_analyze import read_texts  # type: ignore[import-not-found]

CLIENTS = 64
SECONDS = 120.0
APART = 0.05  # seconds between two looks at /healthz
TAIL = 15  # seconds at the end of each half over which memory is averaged
ALONE = 60  # articles by which the rate of `sourcing analyze` is measured


def serve(folder: str) -> tuple[subprocess.Popen[bytes], int]:
    """Start a server on a free port; return it and the port when it is ready."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "sourcing", "serve", "--port", str(port), "--corpus", folder]
    server = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        try:
            if httpx.get(f"http://127.0.0.1:{port}/readyz").status_code == 200:
                return server, port
        except httpx.HTTPError:
            pass
        time.sleep(0.2)
    server.kill()
    raise SystemExit("the server does not start")


def watch_health(port: int, seconds: float, out: Any) -> None:
    """Ask /healthz until the time is up; send the milliseconds that each answer took."""
    taken: list[float] = []
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        began = time.perf_counter()
        connection.request("GET", "/healthz")
        assert connection.getresponse().read()
        taken.append((time.perf_counter() - began) * 1000)
        time.sleep(APART)
    out.send(taken)


async def post_for(port: int, texts: list[str], seconds: float) -> tuple[Counter[str], list[float]]:
    """Let all clients post until the time is up; return how often each status came, and the seconds of good answers."""
    said: Counter[str] = Counter()
    taken: list[float] = []
    until = time.monotonic() + seconds
    limits = httpx.Limits(max_connections=CLIENTS, max_keepalive_connections=CLIENTS)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", limits=limits, timeout=120) as client:

        async def one(number: int) -> None:
            turn = number
            while time.monotonic() < until:
                began = time.perf_counter()
                answer = await client.post("/v1/analyze", json={"id": f"a{turn}", "text": texts[turn % len(texts)]})
                status = str(answer.status_code)
                if answer.status_code in (429, 503):
                    status += "" if "retry-after" in answer.headers else " without Retry-After"
                    said[status] += 1
                    await asyncio.sleep(float(answer.headers.get("retry-after", 1)))
                    continue
                said[status] += 1
                turn += CLIENTS
                if answer.status_code == 200 and time.monotonic() < until:
                    taken.append(time.perf_counter() - began)

        await asyncio.gather(*(one(number) for number in range(CLIENTS)))
    return said, taken


def memory_of(pid: int) -> int:
    """Bytes of a process and all below it, what they share counted once (PSS)."""
    total = 0
    for each in family_of(pid):
        try:
            lines = Path(f"/proc/{each}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total += sum(int(line.split()[1]) << 10 for line in lines if line.startswith("Pss:"))
    return total


def family_of(pid: int) -> list[int]:
    """A process and all that it started."""
    try:
        below = [int(w) for file in Path(f"/proc/{pid}/task").glob("*/children") for w in file.read_text().split()]
    except OSError:  # it has ended meanwhile
        return []
    return [pid, *(each for child in below for each in family_of(child))]


def alone(texts: list[str]) -> float:
    """Articles a second of `sourcing analyze`, its start left out: the time of all less that of one."""
    with tempfile.TemporaryDirectory() as folder:

        def seconds(count: int) -> float:
            file = Path(folder, f"{count}.jsonl")
            file.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts[:count]), encoding="utf-8")
            began = time.perf_counter()
            command = [sys.executable, "-m", "sourcing", "analyze", str(file), "-f", "jsonl", "-o", os.devnull]
            subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
            return time.perf_counter() - began

        seconds(1)
        return (ALONE - 1) / (seconds(ALONE) - seconds(1))


def measure(seconds: float = SECONDS) -> dict[str, Any]:
    """All figures."""
    name, texts = read_texts()
    texts = (texts * (ALONE // len(texts) + 1))[: max(ALONE, len(texts))]
    rate = alone(texts)
    with tempfile.TemporaryDirectory() as folder:
        server, port = serve(folder)
        try:
            here, there = multiprocessing.Pipe()
            health = multiprocessing.get_context("spawn").Process(target=watch_health, args=(port, seconds, there))
            health.start()
            samples: list[tuple[float, int]] = []

            async def run() -> tuple[Counter[str], list[float]]:
                began = time.monotonic()

                async def sample() -> None:
                    while True:
                        samples.append((time.monotonic() - began, await asyncio.to_thread(memory_of, server.pid)))
                        await asyncio.sleep(1)

                sampling = asyncio.create_task(sample())
                try:
                    return await post_for(port, texts, seconds)
                finally:
                    sampling.cancel()

            said, taken = asyncio.run(run())
            pings = here.recv()
            health.join()
        finally:
            server.terminate()
            server.wait(30)
    first, second = (
        float(np.mean([size for at, size in samples if end - min(TAIL, seconds / 4) <= at <= end]))
        for end in (seconds / 2, seconds)
    )
    served = len(taken) / seconds
    return {
        "articles": name,
        "clients": CLIENTS,
        "seconds": seconds,
        "statuses": dict(said),
        "articles_per_second": round(served, 2),
        "analyze_articles_per_second": round(rate, 2),
        "of_analyze": round(served / rate, 3),
        "answer_seconds": {"p50": round(float(np.median(taken)), 2), "p99": round(float(np.percentile(taken, 99)), 2)},
        "healthz_ms": {
            "asked": len(pings), "p50": round(float(np.median(pings)), 1), "p99": round(float(np.percentile(pings, 99)), 1),
            "max": round(max(pings), 1),
        },
        "memory_mb": {"first": round(first / 1e6), "second": round(second / 1e6), "ratio": round(second / first, 3)},
    }  # fmt: skip


if __name__ == "__main__":
    print(json.dumps(measure(float(sys.argv[1]) if len(sys.argv) > 1 else SECONDS), indent=2))
