import string
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sourcing.corpus.body_names import body_key, body_search_keys, is_body_found, same_body
from sourcing.corpus.given_names import short_forms
from sourcing.corpus.person_names import is_found, is_specific, plain_name, same_person, search_keys, stored_key
from sourcing.corpus.romanization import fold, plain

ONE_PERSON = [
    ("Sen. Ada Quill (I-Vt.)", "Ada Quill", "same-words"),
    ("UN official Lena Martinez", "Lena Martinez", "same-words"),
    ("former U.S. ambassador to Chad Ada Quill", "Ada Quill", "same-words"),
    ("Secretary of State Ada Rowe Quill", "Ada Quill", "middle-name"),
    ("Meridian’s Prime Minister Ada Quill", "Ada Quill", "same-words"),
    ("Texas Gov. Ada Quill", "Ada Quill", "same-words"),
    ("Ada Quill, a spokeswoman for the trust", "Ada Quill", "same-words"),
    ("ADA QUILL’S", "Ada Quill", "same-words"),
    ("Quill, Ada, PhD", "Ada Quill", "same-words"),
    ("Ada Quill MD", "Ada Quill", "same-words"),
    ("Ada “Dizzy” Quill", "Ada Quill", "same-words"),
    ("Ada Quill Jr.", "Ada Quill", "same-words"),
    ("Bernie Strand", "Bernard Strand", "nickname"),
    ("Bob Strand", "Robert Strand", "nickname"),
    ("Bob Strand", "Bobby Strand", "nickname"),
    ("Peggy Strand", "Margaret Strand", "nickname"),
    ("Liz Strand", "Elizabeth Strand", "nickname"),
    ("B. Strand", "Bernie Strand", "initial"),
    ("B.Strand", "Bernie Strand", "initial"),
    ("J. D. Strand", "JD Strand", "same-words"),
    ("J.D. Strand", "James David Strand", "initial"),
    ("J.-L. Moreau", "Jean-Luc Moreau", "initial"),
    ("J. Edgar Strand", "Edgar Strand", "goes-by-middle-name"),
    ("J. Edgar Strand", "John Edgar Strand", "goes-by-middle-name"),
    ("J. Edgar Strand", "J. E. Strand", "goes-by-middle-name"),
    ("Ada R. Quill", "Ada Rowe Quill", "initial"),
    ("Ada R. Quill", "Ada Quill", "middle-name"),
    ("Mary Ann Strand", "Maryann Strand", "spelling"),
    ("Jean Luc Moreau", "Jean-Luc Moreau", "same-words"),
    ("Ana Ocasio-Cortez", "Ana M. Ocasio Cortez", "middle-name"),
    ("Ana María López Quill", "Ana López Quill", "middle-name"),
    ("José Peña", "Jose Pena", "same-words"),
    ("Jörg Müller", "Joerg Mueller", "spelling"),
    ("Søren Ødegård", "Soren Odegaard", "spelling"),
    ("Greta von der Halde", "Greta Von Der Halde", "same-words"),
    ("Oscar De La Cruz", "Oscar Delacruz", "same-words"),
    ("Conor O’Brien", "Conor O Brien", "same-words"),
    ("Rory McAdam", "Rory Mc Adam", "same-words"),
    ("Hassan al-Farouq", "Hasan Al Faruq", "transliteration"),
    ("Hassan al-Farouq", "Hassan Farouq", "same-words"),
    ("Hassan al-Farouq", "Hassan Alfarouq", "transliteration"),
    ("Mohammed Tamimi", "Muhammad Tamimi", "transliteration"),
    ("Yusuf Tamimi", "Youssef Tamimi", "transliteration"),
    ("Abdel Fattah el-Tamimi", "Abdelfattah Al Tameemi", "transliteration"),
    ("Omar ibn Tamim", "Omar bin Tamim", "same-words"),
    ("Sergei Volkov", "Sergey Volkoff", "transliteration"),
    ("Volodymyr Marchensky", "Vladimir Marchenskyy", "transliteration"),
    ("Y. Marchenko", "Yevgeny Marchenko", "initial"),
    ("Evgeny Marchenko", "Yevgeny Marchenko", "transliteration"),
    ("Pak Sun Ho", "Pak Sun Ho", "same-words"),
    ("Kim Sun Ho", "Sun Ho Kim", "order"),
    ("Kim Sun-ho", "Kim Sunho", "spelling"),
    ("Li Jianyu", "Jianyu Li", "order"),
    ("S. H. Kim", "Kim Sun-ho", "initial"),
]

TWO_PEOPLE = [
    ("Mark Reynolds", "Mary Reynolds", "given-names-differ"),
    ("Paul Strand", "Paula Strand", "given-names-differ"),
    ("Eric Strand", "Erica Strand", "given-names-differ"),
    ("Daniel Strand", "Danielle Strand", "given-names-differ"),
    ("Jon Strand", "Joan Strand", "given-names-differ"),
    ("Bill Strand", "Robert Strand", "given-names-differ"),
    ("Aaron Strand", "Erin Strand", "given-names-differ"),
    ("Mary Strand", "Marilyn Strand", "given-names-differ"),
    ("Ed Strand", "Ted Strand", "given-names-differ"),
    ("Beth Strand", "Liz Strand", "given-names-differ"),
    ("Louis Strand", "Louise Strand", "given-names-differ"),
    ("B. Strand", "Carl Strand", "given-names-differ"),
    ("J. Edgar Strand", "Robert Strand", "given-names-differ"),
    ("J. Edgar Strand", "Karl Edgar Strand", "given-names-differ"),
    ("Jean-Luc Moreau", "Jean Moreau", "given-names-differ"),
    ("Carl Hansen", "Carl Hanson", "last-names-differ"),
    ("Carl Johnson", "Carl Johnston", "last-names-differ"),
    ("Carl Smith", "Carl Smyth", "last-names-differ"),
    ("Rory McAdam", "Rory MacAdam", "last-names-differ"),
    ("Ada Quill-Moss", "Ada Moss", "last-names-differ"),
    ("Chris Van Holm", "Chris Holm", "last-names-differ"),
    ("Hassan Tamimi", "Hussein Tamimi", "given-names-differ"),
    ("Mohammed Tamimi", "Mahmoud Tamimi", "given-names-differ"),
    ("Mohammed Salah", "Mohammed Saleh", "last-names-differ"),
    ("Anna Volkov", "Anna Volkova", "last-names-differ"),
    ("Ahmed Hassan", "Hassan Ahmed", "last-names-differ"),
    ("Thomas James", "James Thomas", "last-names-differ"),
    ("Lee James", "James Lee", "last-names-differ"),
    ("Kim Sun Ho", "Kim Sun Hee", "given-names-differ"),
    ("John Q. Strand", "John R. Strand", "middle-names-differ"),
    ("George H. W. Strand", "George W. Strand", "middle-names-differ"),
    ("Ada Quill Jr.", "Ada Quill III", "suffixes-differ"),
    ("Mr. Pat Quill", "Mrs. Pat Quill", "titles-differ"),
    ("Quill", "Ada Quill", "one-word"),
    ("Thomas M.", "Thomas Müller", "one-word"),
    ("Bill and Ada Quill", "Ada Quill", "one-word"),
    ("", "", "no-name"),
    ("...", "Ada Quill", "no-name"),
]


@pytest.mark.parametrize(("one", "two", "rule"), ONE_PERSON)
def test_forms_of_one_name(one, two, rule):
    decision = same_person(one, two)
    assert (decision.same, decision.rule) == (True, rule)
    assert decision.why.endswith(".")
    assert same_person(two, one).same
    assert is_found(stored_key(two), search_keys(one))
    assert is_found(stored_key(one), search_keys(two))


@pytest.mark.parametrize(("one", "two", "rule"), TWO_PEOPLE)
def test_names_of_two_people(one, two, rule):
    decision = same_person(one, two)
    assert (decision.same, decision.rule) == (False, rule)
    assert decision.why.endswith(".")
    assert not same_person(two, one).same


@pytest.mark.parametrize(
    ("name", "specific"),
    [("Ada Quill", True), ("A. Quill", True), ("Malcolm X", True), ("Dr. Quill", False), ("Quill", False), ("Ada Q.", False)],
)  # fmt: skip
def test_specific(name, specific):
    assert is_specific(name) is specific
    assert (stored_key(name) != ("", "")) is specific


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("QUILL, ADA", "Ada Quill"),
        ("LUDWIG VAN DER MCADAM-O'BRIEN", "Ludwig van der McAdam-O'Brien"),
        ("Lt. Gov. Ada Quill (D-Vt.)", "Ada Quill"),
        ("The Rev. Dr. Ada Quill, PhD", "Ada Quill"),
        ("Ada Quill Jr., MD", "Ada Quill Jr."),
        ("President-elect Ada Quill", "Ada Quill"),
        ("Director of National Intelligence Ada Quill", "Ada Quill"),
        ("Jack Ma", "Jack Ma"),
        ("Dean Driver", "Dean Driver"),
        ("Ada Quill - Moss’s partner", "Ada Quill"),
        ("Ada Quill of Vermont", "Ada Quill"),
        ("Quill", "Quill"),
        ("", ""),
    ],
)
def test_plain_name(name, shown):
    assert plain_name(name) == shown
    assert plain_name(shown) == shown


def test_blocks_are_small():
    assert stored_key("Bernie Strand") == ("strand", "birni")
    assert stored_key("B. Strand") == ("strand", "b.")
    assert ("strand", "b*") in search_keys("B. Strand")
    keys = search_keys("Bernard Strand")
    assert {("strand", "b."), ("strand", "birni")} <= keys
    assert not any(
        given.endswith("*") or not given for _, given in keys
    )  # a full name never asks for all of a last name


def test_short_forms_are_mutual():
    names = {
        n for name in ("robert", "elizabeth", "john", "alexander", "katherine") for n in (name, *short_forms(name))
    }
    assert all(name in short_forms(other) for name in names for other in short_forms(name))


def test_a_spelling_stands_for_one_name_only():
    from sourcing.corpus.given_names import _listed

    heads = {}
    for foreign, english in _listed():
        for spelling in (*foreign, *english):
            assert heads.setdefault(fold(spelling), foreign[0]) == foreign[0], spelling


@given(st.text(alphabet="abcdefghijklmnoprstuvwyäöüåøñéłđß", min_size=1, max_size=12))
def test_umlauts_written_out_keep_the_block(word):
    out = word.translate(str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "đ": "dj"}))
    for one, two in ((f"Ada M{word}", f"Ada M{out}"), (f"{word}m Quill", f"{out}m Quill")):
        assert same_person(one, one.replace(word, plain(word))).same
        if same_person(one, two).same:
            assert is_found(stored_key(two), search_keys(one))
            assert is_found(stored_key(one), search_keys(two))


GIVEN = st.sampled_from(
    "Bernie Bernard Robert Bob Mary Ann Maryann Mary-Ann Jean Luc Jean-Luc Mohammed Muhammad Hassan Hasan Yevgeny Evgeny "
    "E. Y. B. M. J. JD J.-L. Alex Alexander Aleksandr Wei Li Sun Ho Sun-ho Sunho Kim Jörg Joerg Abdel Abdul Abdelfattah Fattah Abu "
    "Gamal Jamal".split()
)
LAST = st.sampled_from(
    "Strand Strandt al-Farouq Faruq Alfarouq El-Faruq Farouq Müller Mueller Muller Kim Li Wei Ocasio-Cortez Cortez Ocasio López "
    "Marchensky Marchenskyy O'Brien OBrien Brien Delacruz Cruz Gaddafi Qadhafi Smith Smyth Åberg Aaberg Rahman X".split()
)
PARTICLE = st.sampled_from(["", "", "", "van der", "de la", "bin", "ibn", "al", "Abdel", "abu", "O", "Mc"])
TITLE = st.sampled_from(["", "", "Dr.", "Mr.", "Mrs.", "UN official", "Sen."])
SUFFIX = st.sampled_from(["", "", "Jr.", "III", "PhD"])


@st.composite
def pairs_of_names(draw):
    """Two names from one small stock of parts, so that they often agree."""
    givens = draw(st.lists(GIVEN, min_size=2, max_size=4))
    lasts = draw(st.lists(LAST, min_size=1, max_size=2))
    particles = draw(st.lists(PARTICLE, min_size=1, max_size=2))

    def name():
        words = [draw(st.sampled_from(givens)) for _ in range(draw(st.integers(1, 3)))]
        last = f"{draw(st.sampled_from(particles))} {draw(st.sampled_from(lasts))}".strip()
        order = draw(st.sampled_from(["plain", "plain", "plain", "comma", "turned", "capitals", "apart"]))
        full = " ".join((*words, last))
        full = {"comma": f"{last}, {' '.join(words)}", "turned": f"{last} {' '.join(words)}", "capitals": full.upper(),
                "apart": full.replace("-", " ")}.get(order, full)  # fmt: skip
        return f"{draw(TITLE)} {full} {draw(SUFFIX)}".strip()

    return name(), name()


@settings(max_examples=600, deadline=None)
@given(pairs_of_names())
def test_what_is_the_same_is_found(pair):
    one, two = pair
    decision, turned = same_person(one, two), same_person(two, one)
    assert decision.same == turned.same
    assert same_person(one, one).same
    assert is_found(stored_key(one), search_keys(one))
    if decision.same:
        assert is_found(stored_key(two), search_keys(one))
        assert is_found(stored_key(one), search_keys(two))


HOSTILE = ["", " ", ",", ",,,", "'", "’s", "-", "--", "()", "(", "&", "and", "1 2", "10-4", "\u202eadA\u202c lliuQ", "\u200f\u200f",
           "ﾞ ﾞ", "x" * 10_000, "x " * 5_000, "a" * 60 + "b Li", "Li " + "na" * 90 + "b", "." * 10_000, "(" * 10_000, "O'" * 5_000,
           "al-" * 3_000, "A." * 5_000, "&" * 10_000, "Jr. Jr. Jr.", "Dr.", "王毅", "Ada Quill," * 900, "\ud800 x"]  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_no_text_is_too_strange(name):
    began = time.perf_counter()
    for other in ("Ada Quill", name):
        same_person(name, other)
        same_body(name, other)
    assert is_found(stored_key(name), search_keys(name))
    assert is_body_found(body_key(name), body_search_keys(name))
    plain_name(name)
    assert time.perf_counter() - began < 1  # seconds; a few milliseconds on an idle machine


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_text(one, two):
    assert same_person(one, two).same == same_person(two, one).same
    assert same_body(one, two).same == same_body(two, one).same
    if same_person(one, two).same:
        assert is_found(stored_key(two), search_keys(one))
    if same_body(one, two).same:
        assert is_body_found(body_key(two), body_search_keys(one))
    plain_name(one)


def test_speed():
    letters = string.ascii_lowercase
    names = [f"Ada {a}{b}{c}quill".title() for a in letters for b in letters for c in letters][:10_000]
    stored_key("Ada Quill")  # reads the lists
    began = time.process_time()
    for name in names:
        stored_key(name)
    assert time.process_time() - began < 1  # 0.25 s measured, all last names new


ONE_BODY = [
    ("The Harbour Trust", "Harbour Trust’s", "same-words"),
    ("Harbour & Quay Ltd.", "Harbour and Quay", "same-words"),
    ("Strand, Inc.", "Strand Corp", "same-words"),
    ("SOHR", "Syrian Observatory for Human Rights", "acronym"),
    ("S.O.H.R.", "Syrian Observatory for Human Rights (SOHR)", "acronym"),
    ("SBC", "Strand Broadcasting Company", "acronym"),
    ("MoD", "Ministry of Defence", "acronym"),
    ("WPD", "Westmere Police Department", "acronym"),
    ("the Pentagon", "U.S. Department of Defense", "alias"),
    ("Justice Department", "DOJ", "alias"),
    ("U.N.", "United Nations", "same-words"),
    ("Justice Ministry", "Ministry of Justice", "same-words"),
    ("Israeli Defence Ministry", "Ministry of Defense of Israel", "same-words"),
    ("Gaza’s Health Ministry", "Ministry of Health in Gaza", "same-words"),
    ("Russian Foreign Ministry", "Russia's Ministry of Foreign Affairs", "same-words"),
    ("Supreme Court of India", "India's Supreme Court", "same-words"),
    ("Westmere police", "Westmere Police Department", "same-words"),
    ("Westmere County Sheriff’s Office", "Westmere County Sheriff's Department", "same-words"),
    ("Ninth Circuit Court", "9th Circuit Court", "same-words"),
    ("Westmere Centre for Policy", "Westmere Center for Policy", "same-words"),
    ("Al-Wadi", "Al Wadi", "same-words"),
]

TWO_BODIES = [
    ("University of York", "York University"),
    ("University of Westmere", "Westmere State University"),
    ("Israeli Defence Ministry", "Russian Defence Ministry"),
    ("Ministry of Health", "Ministry of Defence"),
    ("Justice Ministry", "Justice Department"),
    ("9th Circuit Court", "10th Circuit Court"),
    ("North Westmere Police", "South Westmere Police"),
    ("Westmere Fire Department", "Westmere Police Department"),
    ("Westmere Police", "Strand Police"),
    ("Bank of America", "American Bank"),
    ("News Corp", "News"),
    ("CIA", "Culinary Institute of America"),  # the list knows the acronym
    ("Westmere Times", "Strand Times"),
    ("Harbour Trust", "Harbour Trust Hospital"),
    ("SOHR", "Human Rights Watch"),
    ("", ""),
]


@pytest.mark.parametrize(("one", "two", "rule"), ONE_BODY)
def test_names_of_one_body(one, two, rule):
    decision = same_body(one, two)
    assert (decision.same, decision.rule) == (True, rule)
    assert same_body(two, one) == decision
    assert is_body_found(body_key(two), body_search_keys(one))
    assert is_body_found(body_key(one), body_search_keys(two))


@pytest.mark.parametrize(("one", "two"), TWO_BODIES)
def test_names_of_two_bodies(one, two):
    assert not same_body(one, two).same
    assert not same_body(two, one).same
    assert same_body(one, two).why.endswith(".")


BODY_WORDS = st.lists(
    st.sampled_from(
        "Syrian Syria's British Observatory of of for the The and & Human Rights Defence Defense Ministry Department Police US "
        "U.S. United Nations Company Inc. Ltd Court Foreign Affairs Ninth 9th Trust's SOHR MoD DoD HRW USDA Dutch Netherlands "
        "Pentagon".split()
    ),
    min_size=1,
    max_size=6,
).map(" ".join)


@st.composite
def pairs_of_bodies(draw):
    """Two names of bodies: any two, a name and one of its acronyms, or a name and its words in another order."""
    one = draw(BODY_WORDS)
    words = one.split()
    acronym = "".join(w[0].upper() for w in words if w[0].isupper() or draw(st.booleans()))
    return one, draw(st.sampled_from([acronym, " ".join(reversed(words)), draw(BODY_WORDS), f"the {one}'s"]))


@settings(max_examples=600, deadline=None)
@given(pairs_of_bodies())
def test_what_is_the_same_body_is_found(pair):
    one, two = pair
    assert same_body(one, two).same == same_body(two, one).same
    if same_body(one, two).same:
        assert is_body_found(body_key(two), body_search_keys(one))
        assert is_body_found(body_key(one), body_search_keys(two))


def test_a_name_is_in_one_line_of_the_aliases():
    from sourcing.corpus.body_names import _compared, _rows, _written

    bodies = {}
    for full, others in _rows("body_aliases"):
        for name in (full, *others.split(";")):
            assert bodies.setdefault(_compared(_written(name)), full) == full, name
