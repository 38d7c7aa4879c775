"""Stand-ins for the stages behind `sourcing analyze`: every readable file is the sample. As a script, it is the CLI.

Words in a file say what happens to it: SLOW takes half a minute, HALF a tenth of a second, BAD fails, BOOM is a bad
profile.
"""

import signal
import sys
import time
import types
from pathlib import Path

import msgspec

from sourcing.errors import UsageError
from sourcing.records import Article, Failure, Report

SAMPLE = Path(__file__).parents[1] / "report" / "golden" / "harbour.json"


def read(paths, *, stdin=None, encoding=None, stdin_format=None, mapping=None):
    for path in paths:
        if path == "-":
            texts = [("<stdin>", (stdin or sys.stdin.buffer).read().decode())]
        elif len(path) < 256 and Path(path).is_file():
            texts = [(path, line) for line in Path(path).read_text(encoding="utf-8").split("\n---\n")]
        elif len(path) < 256 and Path(path).is_dir():
            texts = []
        else:
            yield Failure(input=path, code="not-found", message="there is no such file")
            continue
        for number, (name, text) in enumerate(texts, start=1):
            if "BAD" in text:
                yield Failure(input=name, code="invalid-json", message="not valid JSON", line=number)
            else:
                yield Article(id=f"{Path(name).stem}{number}", text=text, origin=name)


def count_inputs(paths):
    return len(paths)


def analyze_all(items, *, profile=None, select=(), ignore=(), min_confidence=0.0, with_text=False, corpus=None):
    if profile == "BOOM":
        raise UsageError("the profile BOOM\x1b makes no sense")
    sample = Report.from_json(SAMPLE.read_bytes())
    for item in items:
        if isinstance(item, Failure):
            yield item
            continue
        time.sleep(30 if "SLOW" in item.text else 0.1 if "HALF" in item.text else 0)
        article = msgspec.structs.replace(sample.article, id=item.id)
        if not with_text:
            article = msgspec.structs.replace(article, text=msgspec.UNSET)
        keep = [one for one in sample.findings if not select or one.code in select]
        warnings = (f"{profile} {min_confidence}",) if profile else ()
        yield msgspec.structs.replace(
            sample,
            article=article,
            findings=tuple(one for one in keep if one.code not in ignore),
            warnings=warnings,
        )


def install(put):
    """Put the stand-ins in place with `put(target, name, value)`."""
    import sourcing

    analysis = types.ModuleType("sourcing.analysis")
    analysis.analyze_all = analyze_all
    documents = types.ModuleType("sourcing.documents")
    documents.read, documents.count_inputs = read, count_inputs
    for module in (analysis, documents):
        put(sys.modules, module.__name__, module)
        put(sourcing, module.__name__.rpartition(".")[2], module)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)

    def put(target, name, value):
        target.update({name: value}) if isinstance(target, dict) else setattr(target, name, value)

    install(put)
    from sourcing.cli import main

    main(prog_name="sourcing")
