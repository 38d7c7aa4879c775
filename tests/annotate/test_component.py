import spacy

from sourcing import analyze


def test_in_a_blank_pipeline(sample):
    nlp = spacy.blank("en")
    nlp.add_pipe("sourcing")
    doc = nlp.make_doc(sample)
    report = analyze(sample)
    doc.user_data["sourcing.body"] = [(e.start, e.end) for e in report.article.body]
    doc = nlp(doc)
    annotation = doc._.sourcing
    assert annotation.speakers == report.speakers
    assert doc.spans["sourcing.source"]
    assert {span.label_ for span in doc.spans["sourcing"]} >= {"content", "cue", "source", "speech"}
    assert len(list(doc.sents)) == len(annotation.sentences)


def test_displacy_draws_the_spans():
    from spacy import displacy

    nlp = spacy.blank("en")
    nlp.add_pipe("sourcing")
    page = displacy.render(
        nlp("“It is done,” said Ada Quill."), style="span", options={"spans_key": "sourcing"}, jupyter=False
    )
    assert "content" in page


def test_it_survives_a_pickle_of_nothing_odd():
    nlp = spacy.blank("en")
    nlp.add_pipe("sourcing", config={"sentences": False})
    assert not nlp("One. Two.").has_annotation("SENT_START")
