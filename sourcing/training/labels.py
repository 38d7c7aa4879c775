"""What the heads label words with."""

TAGS = ("O", "B-source", "I-source", "B-cue", "I-cue", "B-content", "I-content")
NAMES = ("O", "B-person", "I-person", "B-organization", "I-organization", "B-place", "I-place")
TYPES = ("person", "organization", "outlet", "document", "unnamed_person", "unnamed_group", "other")
