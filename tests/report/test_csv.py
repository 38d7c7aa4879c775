import csv
import io

import msgspec
import pytest

from sourcing.records import Anonymity, Span
from sourcing.report.csv import COLUMNS, cell, render, rows_of, source_type
from sourcing.report.formats import Layout


def table(*reports):
    return list(csv.DictReader(io.StringIO("".join(render(iter(reports), Layout())), newline="")))


def test_golden(harbour, golden):
    golden("harbour.csv", "".join(render(iter([harbour]), Layout())))


def test_rfc_4180(harbour):
    shown = "".join(render(iter([harbour, harbour]), Layout()))
    lines = shown.split("\r\n")
    assert lines[-1] == ""
    assert not any("\n" in line for line in lines)
    assert shown.count("SourcedStatement") == 1
    assert [*table(harbour, harbour)[0]] == [*COLUMNS]
    assert len(table(harbour, harbour)) == 2 * len(harbour.attributions)


def test_an_attribution_without_a_speaker_has_no_row(harbour):
    nobody = tuple(msgspec.structs.replace(item, speaker=None) for item in harbour.attributions)
    assert not list(rows_of(msgspec.structs.replace(harbour, attributions=nobody)))


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("=1+1", "'=1+1"),
        ("+44 20", "'+44 20"),
        ("-5", "'-5"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'=1"),
        ("\r=1", "␍=1"),
        (" =1", "'=1"),
        ("＝1", "'＝1"),
        ("a=1", "a=1"),
        ("“-5”", "“-5”"),
        ("two\nlines", "two lines"),
        ("", ""),
    ],
)
def test_formulas(value, shown):
    assert cell(value) == shown


def test_hostile_cells(hostile):
    for row in table(hostile):
        assert not any(value[:1] in "=+-@\t\r" for value in row.values() if value)
        assert row["Title"].startswith("'=")


@pytest.mark.parametrize(
    ("type_", "class_", "granted", "mention", "expected"),
    [
        ("person", "named", False, "a source", "Named Person"),
        ("organization", "institutional", False, "the port", "Named Organization"),
        ("outlet", "institutional", False, "the Ledger", "Named Organization"),
        ("document", "institutional", False, "sources of the report", "Document"),
        ("unnamed_person", "anonymous", True, "an official", "Anonymous Source"),
        ("unnamed_person", "anonymous", False, "one source", "Anonymous Source"),
        ("unnamed_group", "anonymous", False, "Sources", "Anonymous Source"),
        ("unnamed_person", "anonymous", False, "an anonymous officer", "Anonymous Source"),
        ("unnamed_person", "anonymous", False, "an officer", "Unnamed Person"),
        ("unnamed_group", "anonymous", False, "resourceful critics", "Unnamed Group of People"),
    ],
)
def test_source_types(harbour, type_, class_, granted, mention, expected):
    speaker = msgspec.structs.replace(
        harbour.speakers[2],
        type=type_,
        class_=class_,
        anonymity=Anonymity(granted, None),
        mentions=(Span(0, len(mention), mention),),
    )
    item = msgspec.structs.replace(harbour.attributions[0], source=None)
    assert source_type(speaker, item) == expected
