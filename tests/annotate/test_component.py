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


def test_a_doc_can_be_stored_and_read_again():
    from spacy.tokens import Doc

    nlp = spacy.blank("en")
    nlp.add_pipe("sourcing")
    doc = nlp("“It is done,” said Ada Quill.")
    again = Doc(nlp.vocab).from_bytes(doc.to_bytes())
    assert again._.sourcing == doc._.sourcing


def test_a_parsed_doc_keeps_its_sentences():
    from spacy.tokens import Doc

    nlp = spacy.blank("en")
    pipe = nlp.add_pipe("sourcing")
    doc = Doc(nlp.vocab, words=["It", "is", "done", "."], heads=[2, 2, 2, 2], deps=["nsubj", "aux", "ROOT", "punct"])
    assert len(list(pipe(doc).sents)) == 1


def test_sentences_are_left_alone_on_request():
    nlp = spacy.blank("en")
    nlp.add_pipe("sourcing", config={"sentences": False})
    assert not nlp("One. Two.").has_annotation("SENT_START")
