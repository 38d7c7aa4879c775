"""The desk's page: plain HTML from the server, with small scripts that only add comfort. docs/page.md says what it does."""
