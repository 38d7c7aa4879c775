"""Lists of people come in the encodings and with the separators that tables of articles come in."""

import gzip

import pytest

import sourcing
from sourcing.errors import InputError

ROWS = ("name,aliases,description", "Zoë Løvdal,Zoe Lovdal|Z. Løvdal,harbour engineer", "Père Châtelet,,ferryman")
NAMES = {"Zoë Løvdal", "Zoe Lovdal", "Z. Løvdal", "Père Châtelet"}


@pytest.fixture
def listed(tmp_path):
    """Import bytes as a list of a new corpus; returns the names on the list, and the failures."""

    def listed(data, name="staff.csv"):
        made = sourcing.Corpus(tmp_path / "corpus", create=True)
        (tmp_path / name).write_bytes(data)
        count, failures = made.import_people(tmp_path / name)
        rows = made._store.connect("listed").execute("select name, person, description from listed").fetchall()
        assert len(rows) == count
        return {row[0]: row[1:] for row in rows}, failures

    return listed


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "latin-1", "cp1252", "utf-16"])
def test_encodings_and_separators(listed, codec, delimiter):
    rows = [row.replace("|", " / ") if delimiter == "|" else row for row in ROWS]
    found, failures = listed("\r\n".join(row.replace(",", delimiter) for row in rows).encode(codec))
    assert failures == []
    assert found["Zoë Løvdal"] == ("Zoë Løvdal", "harbour engineer")
    assert found["Père Châtelet"] == ("Père Châtelet", "ferryman")
    assert delimiter == "|" or set(found) == NAMES


def test_what_only_windows_has(listed):
    found, failures = listed("name\nŠime Žarko\nOlga “Dot” Œrsted\n".encode("cp1252"))
    assert (set(found), failures) == ({"Šime Žarko", "Olga “Dot” Œrsted"}, [])


def test_aliases_in_a_table_with_semicolons(listed):
    found, failures = listed(
        b'name;aliases;description\nOlga Marsh;"O. Marsh;Olga M. Marsh";engineer, of the harbour\n'
    )
    assert (set(found), failures) == ({"Olga Marsh", "O. Marsh", "Olga M. Marsh"}, [])
    assert found["O. Marsh"] == ("Olga Marsh", "engineer, of the harbour")


def test_a_compressed_table(listed):
    found, _ = listed(gzip.compress("name;description\nZoë Løvdal;engineer\n".encode("latin-1")), "staff.csv.gz")
    assert found == {"Zoë Løvdal": ("Zoë Løvdal", "engineer")}


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ("name\nZoë Løvdal\n".encode("utf-16-le"), "binary"),
        (b"\xff\xfen\x00a\x00m", "encoding"),
        (b"", "empty"),
        (b" \n\n", "no-name-column"),
        ("nom;prénom\nLøvdal;Zoë\n".encode("latin-1"), "no-name-column"),
    ],
)
def test_what_is_no_list(listed, data, code):
    with pytest.raises(InputError) as caught:
        listed(data)
    assert caught.value.code == code


def test_damaged_names_are_not_taken(listed):
    good = "name,aliases\nZoë Løvdal,\nPère Châtelet,\nÅse Ørn,\n".encode()
    found, failures = listed(good + b"P\xe9t\xe9r Lund,\nOlga Marsh,O. M\xe5rsh\n")
    assert set(found) == {"Zoë Løvdal", "Père Châtelet", "Åse Ørn"}
    assert [(f.code, f.line) for f in failures] == [("encoding", 5), ("encoding", 6)]


def test_a_row_with_more_cells_than_the_header(listed):
    found, failures = listed(b"\nname;aliases\nOlga Marsh;O. Marsh;Olga M.\n\nPeter Lund;;\n")
    assert set(found) == {"Peter Lund"}
    assert [(f.code, f.line) for f in failures] == [("invalid-csv", 3)]


def test_a_row_of_several_lines_is_named_by_its_first(listed):
    found, failures = listed(b'name,description\n"Olga Marsh","engineer\nof the harbour"\n,"nobody\nat all"\n')
    assert set(found) == {"Olga Marsh"}
    assert [(f.code, f.line) for f in failures] == [("invalid-person", 4)]


def test_json_lines(listed):
    lines = ['{"name": "Zoë Løvdal", "aliases": ["Z. Løvdal"]}', "", "x", '{"name": "Père Châtelet"}']
    data = b"\xef\xbb\xbf" + "\n".join(lines).encode() + b"\n" + '{"name": "Åse Ørn"}\n'.encode("latin-1")
    found, failures = listed(data, "staff.jsonl")
    assert set(found) == {"Zoë Løvdal", "Z. Løvdal", "Père Châtelet"}
    assert [(f.code, f.line) for f in failures] == [("invalid-json", 3), ("encoding", 5)]
