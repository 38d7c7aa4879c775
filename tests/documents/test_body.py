"""What is article text and what stood around it: tables with negatives, properties, corpora where they are at hand."""

import gzip
import json
import textwrap
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcing.documents import article_from_text
from sourcing.documents.body import judge
from sourcing.documents.comments import find_thread, is_marker
from sourcing.documents.paragraphs import BLANK, split_paragraphs
from sourcing.documents.wording import is_byline, wording

SHARED = Path(__file__).parents[3] / "shared"
TRAIN = SHARED / "data/polnear/train.jsonl.gz"

LEAD = "The harbor council voted on Tuesday to rebuild the old bridge, ending an eleven-year quarrel."
QUOTED = "“We waited long enough,” said Ida Brandt, who runs a bakery near the river."
CLOSE = "The work is to begin in May and to last for two years, the council said in a statement."


def body_of(text: str) -> list[str]:
    return [text[e.start : e.end] for e in judge(text).body]


def headings_of(text: str) -> list[str]:
    return [text[e.start : e.end] for e in judge(text).headings]


FURNITURE = [
    "Advertisement",
    "ADVERTISEMENT",
    "Sponsored content",
    "Story continues below advertisement",
    "Read more: Ferry company orders two new ships",
    "Read more",
    "Continue reading",
    "Related stories",
    "Click here to see all pictures of the harbor",
    "Click to enlarge the map",
    "Photo: Nils Ostberg",
    "Image credit: Harbor Post",
    "A crane at the old pier. (Nils Ostberg/Getty Images)",
    "Share on Facebook",
    "Facebook Twitter Email",
    "Sign up for our newsletter and never miss a story from the harbor",
    "Subscribe to our channel",
    "© 2024 Harbor Post. All rights reserved.",
    "Leave a comment",
    "12 Comments",
]
KEPT = [
    "Carter.",
    "“No.”",
    "— Yes, said the mayor.",
    "“Click here,” the page told her.",
    "He signed up for the newsletter in May and has read it ever since.",
    "Support for the plan grew.",
    "The council supports our newsletter, said Brandt, and the podcast too.",
    "Read more books, Brandt told the children of the harbor school, and you will see the world.",
    "Cookies are baked at four in the morning, and by nine they are gone.",
    "Comments from readers poured in.",
    "Advertising revenue fell by a tenth.",
    "Vote result: 9-2",
    "60",
    "BRANDT",
    "So it goes",
]


@pytest.mark.parametrize("line", FURNITURE)
def test_furniture_between_paragraphs_is_out(line):
    assert body_of(f"{LEAD}\n\n{line}\n\n{QUOTED}\n\n{CLOSE}") == [LEAD, QUOTED, CLOSE]


@pytest.mark.parametrize("line", KEPT)
def test_short_lines_between_paragraphs_stay(line):
    assert body_of(f"{LEAD}\n\n{line}\n\n{QUOTED}\n\n{CLOSE}") == [LEAD, line, QUOTED, CLOSE]


@pytest.mark.parametrize(
    "above",
    [
        "Home\nWorld\nPolitics\n",
        "12,400 €\n20,000 €\nSupport the Harbor Post\n",
        "5 March 2024\n",
        "Updated March 5, 2024 at 10:15\n",
        "3 min read\n",
        "Menu\nSearch\nLog in\n",
        "We use cookies to improve your experience. By going on you agree to our website's terms.\n",
        "By Nora Vale\n",
        "Photo: Nils Ostberg\n",
    ],
)
def test_what_stands_above_the_article_is_out(above):
    assert body_of(above + LEAD + "\n" + CLOSE) == [LEAD, CLOSE]


@pytest.mark.parametrize(
    "below",
    [
        "Share this story\nTwitter\nFacebook",
        "Related stories\nFerry company orders ships\nStorm hits the coast",
        "Follow Nora Vale on Twitter @noravale",
        "Tags: bridge, harbor\nHarbor Post",
        "Copyright 2024 Harbor Post. This material may not be published, broadcast or redistributed.",
        "Support the Harbor Post\nHarbor Post\n",
    ],
)
def test_what_stands_below_the_article_is_out(below):
    assert body_of(LEAD + "\n" + CLOSE + "\n" + below) == [LEAD, CLOSE]


@pytest.mark.parametrize(
    ("text", "headings"),
    [
        (f"Council backs bridge\n\n{LEAD}", ["Council backs bridge"]),
        (f"Council backs bridge\nBy Nora Vale\n5 March 2024\n{LEAD}", ["Council backs bridge"]),
        (f"Home\nCouncil backs new harbor bridge\nEleven years of quarrel end\n{LEAD}", None),
        (f"{LEAD}\n\nA long wait\n\n{QUOTED}\n\n{CLOSE}", ["A long wait"]),
        (f"Support grows for new harbor bridge\n{LEAD}", ["Support grows for new harbor bridge"]),
        (f"Carter.\n\n{LEAD}", []),
        (f"{LEAD}\n\nlower case line\n\n{CLOSE}", []),
        (LEAD, []),
    ],
)
def test_headings(text, headings):
    expected = ["Council backs new harbor bridge", "Eleven years of quarrel end"] if headings is None else headings
    assert headings_of(text) == expected
    assert set(headings_of(text)) <= set(body_of(text))


def test_a_title_the_page_repeats_in_its_furniture_is_the_title_but_no_body():
    title = "Council backs new harbor bridge"
    judgement = judge(
        f"{title}\nSupport Harbor Post\n{title}\nPhoto: Nils Ostberg\n{LEAD}\n{CLOSE}\nSupport Harbor Post"
    )
    assert judgement.title == title
    assert len(judgement.body) == 2


def test_a_title_repeated_at_once_is_kept_once():
    title = "Council backs new harbor bridge"
    assert body_of(f"{title}\n{title}\n{LEAD}") == [title, LEAD]


def test_a_transcript_keeps_its_speakers():
    text = "\n".join(["BRANDT", LEAD, "VALE", CLOSE] * 3)
    assert len(body_of(text)) == 12


def test_a_cut_off_article_keeps_its_last_line():
    assert body_of(f"{LEAD}\n{CLOSE}\nThe mayor told reporters that she would") == [
        LEAD,
        CLOSE,
        "The mayor told reporters that she would",
    ]


@pytest.mark.parametrize("text", ["Hello", "She left.", "“No.”", "60", "Yes\nNo\nPerhaps", "桥将于五月重建。"])
def test_a_text_without_sentences_is_all_body(text):
    assert body_of(text) == text.split("\n")


def test_every_verdict_has_its_rule():
    text = f"Home\nCouncil backs bridge\n{LEAD}\nAdvertisement\n{CLOSE}\n2 Comments\ngullwing\n{LEAD}\nReply"
    for verdict in judge(text).verdicts:
        assert bool(sum(weight for _, weight in verdict.reasons) >= 3) == (verdict.part == "furniture")


COMMENT = "About time somebody did something about it, if you ask me. I have waited for years."
ANSWER = "They will never finish it in two years, mark my words."
THREADS = {
    "wordpress": f"2 thoughts on “Council backs bridge”\ngullwing says:\nMarch 5, 2024 at 10:15 am\n{COMMENT}\nReply\n"
    f"Old Sailor says:\nMarch 6, 2024 at 9:01 am\n{ANSWER}\nReply\nLeave a Reply",
    "discuz": f"Subscribe\nNotify of\nguest\n2 Comments\nOldest\nNewest\nView all comments\n"
    f"gullwing\n\n{COMMENT}\n\n0\nReply\nOld Sailor\n\n{ANSWER}\n4\nReply",
    "disqus": f"Comments (2)\nJoin the discussion\nLog in with\nSort by Best\ngullwing • 3 hours ago\n{COMMENT}\n"
    f"Reply\nOld Sailor • 2 hours ago\n{ANSWER}\nReply\nShare",
    "plain": f"2 Comments\ngullwing\n{COMMENT}\nOld Sailor\n{ANSWER}",
    "unmarked": f"gullwing\n3 hours ago\n{COMMENT}\nReply\nOld Sailor\n2 hours ago\n{ANSWER}\nReply",
    "closed": "Comments are closed.\nHarbor Post",
}


@pytest.mark.parametrize("thread", THREADS.values(), ids=THREADS)
@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_a_reader_thread_ends_the_body(thread, gap):
    text = gap.join([LEAD, QUOTED, CLOSE, *thread.split("\n")])
    assert body_of(text) == [LEAD, QUOTED, CLOSE]


@pytest.mark.parametrize(
    "lines",
    [
        ["12 Comments", LEAD, QUOTED, CLOSE],
        [LEAD, "12 Comments", QUOTED, CLOSE, LEAD, QUOTED],
        [LEAD, "Comments", QUOTED, CLOSE],
        [LEAD, "Ida Brandt", QUOTED, "Nora Vale", CLOSE],
        [LEAD, "10:15 a.m.", QUOTED, "10:40 a.m.", CLOSE],
        [LEAD, "Nora Vale says:", QUOTED, CLOSE],
        [LEAD, "3 hours ago", QUOTED, "2 hours ago", CLOSE],
        [LEAD, "6", QUOTED, "7", CLOSE],
        [LEAD, "1", "The bridge", QUOTED, "2", "The pier", CLOSE, "3", "The lamps", LEAD],
        [LEAD, "The bridge", QUOTED, "Share", "The pier", CLOSE, "Share", LEAD],
    ],
)
def test_what_only_looks_like_a_thread_does_not_end_the_body(lines):
    body = body_of("\n\n".join(lines))
    assert [line for line in lines if line in (LEAD, QUOTED, CLOSE)] == [
        line for line in body if line in (LEAD, QUOTED, CLOSE)
    ]


@pytest.mark.parametrize(
    "line", ["6 Comments", "View all comments", "Leave a reply", "Join the conversation", "Comments (12)"]
)
def test_markers(line):
    assert is_marker(line)


@pytest.mark.parametrize(
    "line", ["The comments were harsh", "Comment on the plan came late", "Best of the year", "Newest ship"]
)
def test_no_markers(line):
    assert not is_marker(line)


def test_nothing_above_the_first_prose_begins_a_thread():
    assert find_thread(["6 Comments", "a", "Reply", "Reply"], [False] * 4) is None


@pytest.mark.parametrize(
    "line", ["By Nora Vale", "BY NORA VALE", "By Nora Vale and Nils Ostberg", "By Nora Vale, City Desk"]
)
def test_bylines(line):
    assert is_byline(line)


@pytest.mark.parametrize(
    "line", ["By Tuesday", "By the Harbor Council", "By Nora Vale.", "Bystanders Nora Vale", "By and by"]
)
def test_no_bylines(line):
    assert not is_byline(line)


def test_long_lines_have_no_wording():
    assert wording("Sign up for our newsletter. " + "The harbor is large. " * 30) == ()


WRAPPED = textwrap.fill(f"{LEAD} {QUOTED} {CLOSE}", 70)


def test_hard_wrapped_paragraphs_are_one_extent():
    assert body_of(f"{WRAPPED}\n\n{WRAPPED}\n") == [WRAPPED, WRAPPED]


def test_an_indent_begins_a_paragraph_of_wrapped_text():
    indented = textwrap.fill(f"{LEAD} {QUOTED} {CLOSE}", 70, initial_indent="    ")
    assert body_of(f"{indented}\n{indented}") == [indented.strip(), indented.strip()]


@pytest.mark.parametrize(
    "text",
    [
        f"Council backs the rebuilding of the old bridge in the harbor\n{LEAD}",
        "Yes.\nNo.\nPerhaps.",
        f"{LEAD}\n{CLOSE}",
    ],
)
def test_lines_of_unwrapped_text_are_paragraphs(text):
    assert body_of(text) == text.split("\n")


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r", "\u2028", "\n\n", "\r\n \t\r\n"])
def test_every_newline_parts_paragraphs_and_none_is_translated(newline):
    text = newline.join([LEAD, QUOTED, CLOSE])
    assert article_from_text(text).text == text
    assert body_of(text) == [LEAD, QUOTED, CLOSE]


LINES = st.lists(st.sampled_from([*FURNITURE, *KEPT, LEAD, QUOTED, CLOSE, "", " ", "Reply", "gullwing", "3 hours ago"]))


@given(st.one_of(st.text(), st.text(alphabet='aA .“”"\r\n0'), LINES.map("\n".join)))
def test_any_text_gives_a_sound_body(text):
    judgement = judge(text)
    end = 0
    for verdict in judgement.verdicts:
        assert end <= verdict.start < verdict.end <= len(text)
        passage = text[verdict.start : verdict.end]
        assert passage.strip(BLANK) == passage
        end = verdict.end
    assert list(judgement.body) == sorted(set(judgement.body))
    assert set(judgement.headings) <= set(judgement.body)
    assert "".join(text[v.start : v.end] for v in judgement.verdicts).split() == [
        *"".join(text[b.start : b.end] for b in split_paragraphs(text)).split()
    ]


@given(st.text())
def test_the_paragraphs_hold_all_that_is_not_blank(text):
    covered = {i for block in split_paragraphs(text) for i in range(block.start, block.end)}
    assert all(text[i] in BLANK for i in range(len(text)) if i not in covered)


@pytest.mark.skipif(not (SHARED / "seeds").is_dir(), reason="the seeds are not here")
@pytest.mark.parametrize(
    ("number", "paragraphs", "headings"), [("000", 19, 0), ("001", 25, 1), ("002", 20, 0), ("003", 17, 0)]
)
def test_seeds_that_are_all_article(number, paragraphs, headings):
    (path,) = (SHARED / "seeds").glob(f"{number}_*.txt")
    text = path.read_bytes().decode()
    judgement = judge(text)
    assert (len(judgement.body), len(judgement.headings)) == (paragraphs, headings)
    assert "".join(text[e.start : e.end] for e in judgement.body).split() == "".join(text.split("\n")).split()


@pytest.mark.skipif(not (SHARED / "seeds").is_dir(), reason="the seeds are not here")
def test_seed_with_banner_and_thread():
    (path,) = (SHARED / "seeds").glob("004_*.txt")
    article = article_from_text(path.read_bytes().decode())
    passages = [article.text[e.start : e.end] for e in article.body]
    assert len(passages) == 4
    assert passages[0].startswith("On August 30")
    assert passages[-1].endswith("to withdraw this time.")
    assert article.title is not None
    assert article.headings == ()


@pytest.mark.skipif(not TRAIN.is_file(), reason="PolNeAR is not here")
def test_no_quoted_content_is_lost_on_polnear():
    total = kept = 0
    with gzip.open(TRAIN, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            if number % 4:
                continue
            given = json.loads(line)
            out = [v for v in judge(given["text"]).verdicts if v.part == "furniture"]
            for attribution in given["attributions"]:
                for start, end in attribution["content"]:
                    total += end - start
                    kept += end - start - sum(max(0, min(end, v.end) - max(start, v.start)) for v in out)
    assert kept >= 0.999 * total
