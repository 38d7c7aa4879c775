"""The public face of a corpus. Everything heavy is imported when it is first used."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Concatenate, ParamSpec, TypeVar

from sourcing.corpus.store import Store, damage
from sourcing.errors import UsageError
from sourcing.records import Annotation, Article, Elsewhere, Failure, Report
from sourcing.records.corpus import CorpusInfo, Problem, Unattested, WhoIs

if TYPE_CHECKING:
    from sourcing.corpus.add import Added
    from sourcing.corpus.overview import Overview
    from sourcing.records.comparison import Comparison

GROUPS = {
    "outlet": "coalesce(outlet, domain)",
    "author": "author",
    "month": "month",
    "domain": "domain",
}
"""By what articles are compared, and the SQL of it."""

MANY_FILES = 64  # files of a table from which adding compacts it

P = ParamSpec("P")
R = TypeVar("R")


def _in_words(method: "Callable[Concatenate[Corpus, P], R]") -> "Callable[Concatenate[Corpus, P], R]":
    """The method, with UsageError for what the libraries below raise over damaged files."""

    @wraps(method)
    def call(corpus: "Corpus", /, *args: P.args, **kwargs: P.kwargs) -> R:
        with damage(corpus.path):
            return method(corpus, *args, **kwargs)

    return call


class Corpus:
    """A corpus folder (Delta Lake tables). Raises UsageError where there is none, unless `create`.

    Several processes may add and read at once. All methods see the corpus as it is when they are called, and raise UsageError
    where files of it are damaged.
    """

    def __init__(self, path: str | Path, *, create: bool = False) -> None:
        self._store = Store(path, create=create)
        self.path = self._store.path

    def __repr__(self) -> str:
        return f"Corpus({str(self.path)!r})"

    # -------------------------------------------------------------------------------------------------- in and out

    @_in_words
    def add(
        self,
        paths: Iterable[str | Path],
        *,
        workers: int | None = None,
        keep_text: bool = False,
        stdin: BinaryIO | None = None,
        stdin_format: str | None = None,
        encoding: str | None = None,
        mapping: Mapping[str, str] | None = None,
        batch: int = 5000,
        progress: "Callable[[Added], None]" = lambda sums: None,
        derive: bool = True,
    ) -> "Added":
        """Add articles (every input that `analyze` takes) or reports (JSON Lines); return what came of it.

        Articles that are there as they are cost no analysis; one whose id is there with another text or other metadata
        takes its place. workers: processes, by default one a core. keep_text: keep the texts inside the stored reports.
        stdin: the stream that "-" stands for, if not sys.stdin; stdin_format: what it holds ("csv", "markdown", ... as in
        docs/inputs.md), else it is looked at. mapping: {"text": "body"} reads the text from the column or key `body`. batch:
        articles in one commit; what progress reports as added or updated is on disk. derive: group copies at the end (else call
        `derive`).
        """
        from sourcing.corpus.add import Added, add

        sums = Added()
        before = self._store.version("articles")
        batches = add(
            self._store, paths, workers=workers, keep_text=keep_text, stdin=stdin, stdin_format=stdin_format,
            encoding=encoding, mapping=mapping, batch=batch, progress=progress,
        )  # fmt: skip
        for done in batches:
            sums = done
        if derive and (self._store.version("articles") != before or self.is_stale()):
            self.derive()
        return sums

    @_in_words
    def remove(self, ids: Sequence[str]) -> list[str]:
        """Take articles out by their ids; return those that were there."""
        with self._store.locked():
            rows = self._store.connect().execute(
                "select id, doc from live where id in (select unnest(?::varchar[]))", [list(ids)]
            ).fetchall()  # fmt: skip
            self._store.delete([doc for _, doc in rows])
        if rows:
            self.derive()
        return sorted({identity for identity, _ in rows})

    @_in_words
    def import_people(self, path: str | Path, *, source: str | None = None) -> tuple[int, list[Failure]]:
        """Put the people of a CSV or JSON Lines file on the list of known people; return how many names were new, and
        what could not be taken."""
        from sourcing.corpus.listed import import_people

        done = import_people(self._store, path, source=source)
        if done[0] and self._store.table("articles") is not None:
            self.derive()  # the baseline knows the list
        return done

    @_in_words
    def export(self, what: str, format: str, target: BinaryIO) -> None:
        """Write "articles", "speakers", "quotes" or "attested" as "csv", "jsonl" or "parquet", or "reports" as "jsonl"."""
        from sourcing.corpus.maintain import EXPORTS, export

        if what not in (*EXPORTS, "reports") or format not in ("csv", "jsonl", "parquet"):
            raise UsageError(f"there is no export of {what} as {format}")
        export(self._store, what, format, target)

    # ------------------------------------------------------------------------------------------------------- keeping

    @_in_words
    def info(self) -> CorpusInfo:
        """What is in the corpus."""
        from sourcing.corpus.maintain import describe

        return describe(self._store)

    @_in_words
    def derive(self) -> None:
        """Group near-duplicate copies, and sample what share of speakers is met nowhere else, over all articles."""
        from sourcing.corpus.derive import derive

        table = self._store.table("articles")
        if table is not None and len(table.file_uris()) > MANY_FILES:
            self.compact()
        derive(self._store)

    @_in_words
    def compact(self) -> None:
        """Rewrite the tables sorted and without rows that no longer count."""
        from sourcing.corpus.maintain import compact

        compact(self._store)

    @_in_words
    def verify(self) -> list[Problem]:
        """Read everything; return what is wrong."""
        from sourcing.corpus.maintain import verify

        return verify(self._store)

    @_in_words
    def is_stale(self) -> bool:
        """Whether articles came or went since stories were grouped last, so that copies count as several."""
        from sourcing.corpus.derive import is_stale

        return is_stale(self._store)

    def revision(self) -> str:
        """A word that changes whenever anything in the corpus does: what was worked out from it stays right as long as it is the
        same."""
        return self._store.revision()

    # ------------------------------------------------------------------------------------------------------- reading

    @_in_words
    def articles(
        self,
        *,
        outlet: str | None = None,
        since: str | None = None,
        limit: int | None = None,
        after: str | None = None,
        search: str | None = None,
    ) -> Any:
        """The articles as an Arrow table, by id: what was given with each, its story, and every figure.

        after: only ids that come after this one. search: words that the id or the title has in it, in any case.
        """
        from sourcing.corpus.attested import CHOSEN, chosen_by

        some = "" if limit is None else f" limit {int(limit)}"
        connection = self._store.connect()
        query = (
            "select * exclude (doc, hash, content, signature, story), story::varchar as story from live a"
            f" where {CHOSEN} and ($after is null or id > $after) and ($search is null"
            " or contains(lower(concat_ws(' ', id, title)), lower($search)))"
            f" order by id{some}"
        )
        chosen = chosen_by(outlet, since) | {"after": after, "search": search}
        return connection.sql(query, params=chosen).to_arrow_table()

    @_in_words
    def speakers(self) -> Any:
        """Speakers, and people who are only named (`speaker` is null), as an Arrow table: one row an article and person."""
        from sourcing.corpus.maintain import EXPORTS

        return self._store.connect("speakers").sql(EXPORTS["speakers"]).to_arrow_table()

    @_in_words
    def directory(self) -> Any:
        """Everybody who speaks under a name as an Arrow table, a row a name and class, with where else they are met."""
        from sourcing.corpus.directory import list_speakers

        return list_speakers(self._store)

    @_in_words
    def overview(self, *, limit: int | None = None) -> "Overview":
        """`directory`, `unattested` and `shares` in the time of one of them; limit: of the last two."""
        from sourcing.corpus.overview import look_over

        return look_over(self._store, limit)

    @_in_words
    def attested(self, *, outlet: str | None = None, since: str | None = None) -> Any:
        """Where else each named speaker of the articles is met, as an Arrow table: one row an article and speaker.

        Columns: article, outlet, speaker (its id in the report), name, status, articles, quoting, stories, outlets, listed (as in a
        draft's `speakers[].corpus`), title, affiliation, description, attributions, quotes, words.
        """
        from sourcing.corpus.attested import attest_all

        return attest_all(self._store, outlet=outlet, since=since)

    @_in_words
    def shares(self, *, outlet: str | None = None, since: str | None = None, limit: int | None = None) -> Any:
        """Which share of each article's named speakers is met nowhere else, and what share is to be expected, as an Arrow table.

        One row an article, those with the highest percentile first. Columns: id, outlet, published, title, named, nowhere_else,
        share, expected, low, high, compared, percentile.
        """
        from sourcing.corpus.expected import shares_of

        return shares_of(self._store, outlet=outlet, since=since, limit=limit)

    @_in_words
    def report(self, id: str, *, attested: bool = False) -> Report | None:
        """The stored report of an article; None when it is not there. attested: with where else its named speakers are met now."""
        from sourcing.corpus.stored import attest_report, read_report

        found = read_report(self._store, id)
        return attest_report(self._store, id, found) if found and attested else found

    @_in_words
    def speaker(self, name: str) -> WhoIs:
        """All forms of a name that are the same person's or body's, with reasons, and like names kept apart."""
        from sourcing.corpus.people import look_up

        return look_up(self._store, name)

    @_in_words
    def unattested(
        self, *, outlet: str | None = None, since: str | None = None, limit: int | None = None
    ) -> list[Unattested]:
        """The named speakers met in one story only, most suspicious first."""
        from sourcing.corpus.people import find_unattested

        return find_unattested(self._store, outlet=outlet, since=since, limit=limit)

    @_in_words
    def find_elsewhere(self, article: Article, annotation: Annotation) -> Elsewhere:
        """What the corpus says of an annotated article; `analyze(..., corpus=corpus)` calls this."""
        from sourcing.corpus.corroborate import find_elsewhere

        return find_elsewhere(self._store, article, annotation)

    @_in_words
    def compare(self, *, by: str = "outlet", minimum: int = 20, seed: int = 1, figures: Any = None) -> "Comparison":
        """Every figure of each outlet (author, month, domain), with intervals, and how they differ.

        minimum: fewest articles of a group. figures: what `figures(by=by)` gave, to spare reading it twice.
        """
        from sourcing.corpus.compare import compare

        return compare(self.figures(by=by) if figures is None else figures, by=by, minimum=minimum, seed=seed)

    @_in_words
    def figures(self, *, by: str = "outlet") -> Any:
        """What `compare` compares, as an Arrow table: group, story, month, and a column a figure."""
        from sourcing.corpus.layout import metric_columns

        if by not in GROUPS:
            raise UsageError(f"articles can be compared by {', '.join(GROUPS)}, not by {by}")
        # the ends of an article's own intervals are no figures to average
        kept = ((group, field) for group, field, _ in metric_columns() if not field.endswith(("_low", "_high")))
        columns = ", ".join(f'"{group}.{field}"' for group, field in kept)
        query = f'select {GROUPS[by]} as "group", story, month, score, {columns} from live'
        return self._store.connect().sql(query).to_arrow_table()
