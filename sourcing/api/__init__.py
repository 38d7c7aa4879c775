"""The HTTP API and the desk's page, over the public API of the package; needs the extra [serve]."""
