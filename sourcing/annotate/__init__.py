"""Find quotes, attributions and speakers. `annotate` does it; `component` puts it into a spaCy pipeline."""

from sourcing.annotate.annotate import annotate

__all__ = ["annotate"]
