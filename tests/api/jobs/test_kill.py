"""kill -9 of the server at random moments while articles are sent: nothing that it acknowledged is lost, nothing doubled."""

import random
import sqlite3
import threading
import time
from collections import Counter

import httpx

import sourcing

KILLS = 5
CLIENTS = 2
EACH = 15  # articles of one request


class Client(threading.Thread):
    """Sends articles until told to stop, again and again with the same key where there was no answer."""

    def __init__(self, server, lines_of, number):
        super().__init__(daemon=True)
        self.server, self.lines_of, self.number = server, lines_of, number
        self.pauses = random.Random(number)
        self.acknowledged = {}  # job: ids
        self.ended = threading.Event()

    def run(self):
        sent = 0
        while not self.ended.is_set():
            ids = [f"c{self.number}-{sent}-{n}" for n in range(EACH)]
            try:
                answer = self.server.post(
                    f"corpus{self.number % 2}", self.lines_of(ids), idempotency_key=f"{self.number}-{sent}"
                )
            except httpx.TransportError:
                time.sleep(0.05)
                continue
            assert answer.status_code == 202, answer.text
            self.acknowledged[answer.json()["id"]] = ids
            sent += 1
            time.sleep(self.pauses.uniform(0.1, 0.8))


def test_kill_9_of_the_server(start_server, lines_of):
    server = start_server()
    moments = random.Random(5)
    clients = [Client(server, lines_of, number) for number in range(CLIENTS)]
    for client in clients:
        client.start()
    at_work = 0
    for _ in range(KILLS):
        time.sleep(moments.uniform(0.3, 1.8))
        server.kill()
        with sqlite3.connect(server.state / "jobs.db") as ledger:
            at_work += ledger.execute("select count(*) from jobs where status = 'running'").fetchone()[0]
        ledger.close()
        server.start()
    for client in clients:
        client.ended.set()
        client.join(60)
    assert at_work >= KILLS // 2, "the kills came when nothing was being added"
    assert all(len(client.acknowledged) >= KILLS for client in clients)

    counts = Counter()
    for client in clients:
        for id in client.acknowledged:
            job = server.finished(id)
            assert (job["status"], job["failures"]) == ("done", [])
            counts.update(job["progress"])
    expected = {id for client in clients for ids in client.acknowledged.values() for id in ids}
    stored = []
    for name in ("corpus0", "corpus1"):
        corpus = sourcing.Corpus(server.data / name)
        stored += corpus.articles()["id"].to_pylist()
        assert [problem for problem in corpus.verify() if problem.harm] == []
        assert not corpus.is_stale()
    assert Counter(stored) == Counter(expected)
    assert counts["added"] + counts["unchanged"] == len(expected)
    assert server.spooled() == []
