"""`sourcing schema NAME`: the JSON Schemas, for scripts that check what goes in and what comes out."""

import rich_click as click


@click.command("schema")
@click.argument("name", required=False)
def command(name: str | None) -> None:
    """Print the JSON Schema called NAME, or the names when none is given.

    `article` is what goes in as JSON or JSON Lines, `report` what comes out, `error` what stands in a report's place
    when an input failed.
    """
    from sourcing.schema import load_schema, schema_names

    if name is None:
        click.echo("\n".join(schema_names()))
        return
    import json

    click.echo(json.dumps(load_schema(name), ensure_ascii=False, indent=2))
