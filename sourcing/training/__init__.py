"""Training the annotator; needs the [train] extra."""
