"""Everybody who speaks in a corpus, a row a name; and the word by which one sees that it has changed."""


def test_directory(corpus):
    rows = {row["name"]: row for row in corpus.directory().to_pylist()}
    assert {name: row["status"] for name, row in rows.items()} == {
        "Gerda Holm": "nowhere_else",
        "Olga Marsh": "mentioned_elsewhere",
        "Peter Lund": "quoted_elsewhere",
        "Ruth Ellery": "nowhere_else",
        "Victor Amory": "nowhere_else",
        "port authority": None,
    }
    lund = rows["Peter Lund"]
    assert (lund["class"], lund["articles"], lund["stories"], lund["outlets"]) == ("named", 3, 2, 3)
    assert lund["examples"] == ["echo-1", "ledger-1", "post-1"]
    assert lund["in"] == ["The Fenmouth Post", "The Northern Ledger", "The Tidewell Echo"]
    assert rows["Victor Amory"]["in"] == ["The Evening Star", "star.example"]  # found by either
    assert list(rows) == sorted(rows)


def test_a_list_and_articles_that_go(corpus, tmp_path):
    people = tmp_path / "people.csv"
    people.write_text("name\nVictor Amory\n", encoding="utf-8")
    corpus.import_people(people)
    assert {row["name"]: row["status"] for row in corpus.directory().to_pylist()}["Victor Amory"] == "listed"
    corpus.remove(["star-1"])
    assert "Victor Amory" not in corpus.directory()["name"].to_pylist()


def test_speakers_together_each_have_a_row(tmp_path, reports, write_lines):
    import sourcing

    changed = [dict(report) for report in reports]
    changed[3] = {**changed[3], "speakers": [{**changed[3]["speakers"][0], "name": "Victor Amory & Peter Lund"}]}
    made = sourcing.Corpus(tmp_path / "together", create=True)
    made.add([write_lines("together.jsonl", changed)])
    rows = {row["name"]: row for row in made.directory().to_pylist()}
    assert rows["Victor Amory"]["status"] == "nowhere_else"
    assert rows["Peter Lund"]["articles"] == 4


def test_revision(corpus, tmp_path):
    before = corpus.revision()
    corpus.articles()
    assert corpus.revision() == before
    people = tmp_path / "people.csv"
    people.write_text("name\nVictor Amory\n", encoding="utf-8")
    corpus.import_people(people)
    assert (second := corpus.revision()) != before
    corpus.remove(["star-1"])
    assert corpus.revision() not in (before, second)


def test_articles_after_and_with(corpus):
    assert corpus.articles(after="ledger-1")["id"].to_pylist() == ["post-1", "star-1"]
    assert corpus.articles(search="ECHO")["id"].to_pylist() == ["echo-1"]
    assert corpus.articles(search="%")["id"].to_pylist() == []


def test_an_overview_is_the_three_lists(corpus, tmp_path):
    found = corpus.overview(limit=2)
    assert found.speakers.equals(corpus.directory())
    assert found.unattested == corpus.unattested(limit=2)
    assert len(found.unattested) == 2
    assert found.shares.equals(corpus.shares(limit=2))
    assert corpus.overview().unattested == corpus.unattested()


def test_an_overview_of_one_story(tmp_path, reports, write_lines):
    import sourcing

    made = sourcing.Corpus(tmp_path / "one", create=True)
    made.add([write_lines("one.jsonl", reports[:1])])
    found = made.overview()
    assert found.unattested == made.unattested() != []
    assert found.speakers.equals(made.directory())
    assert set(found.speakers["status"].to_pylist()) == {None}
    assert found.shares.num_rows == made.shares().num_rows == 0
