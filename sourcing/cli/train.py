"""`sourcing train`: make the annotator's weights anew."""

from pathlib import Path

import rich_click as click

from sourcing.errors import UsageError


@click.command(name="train")
@click.option(
    "--data",
    required=True,
    type=click.Path(path_type=Path),
    help="Folder with polnear/train.jsonl.gz and gum/*.conllu.gz.",
)
@click.option(
    "--out", required=True, type=click.Path(path_type=Path), help="Folder for model.onnx, weights and figures."
)
@click.option(
    "--resume", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="Go on from this model.onnx."
)
@click.option("--epochs", default=20, show_default=True, type=click.IntRange(1), help="Passes over the data.")
@click.option("--batch", default=4, show_default=True, type=click.IntRange(1), help="Articles a step.")
@click.option("--extra", multiple=True, type=click.Path(path_type=Path), help="More gold articles, JSON Lines.")
@click.option("--minutes", default=0.0, show_default=True, help="Reach the end of each run by then (0: no limit).")
@click.option("--seed", default=1, show_default=True, help="Everything drawn depends on it.")
@click.option(
    "--seeds",
    default=1,
    show_default=True,
    type=click.IntRange(1),
    help="Runs from one start, whose weights are averaged.",
)
@click.option(
    "--refine", default=6, show_default=True, type=click.IntRange(0), help="Passes of the heads alone at the end."
)
@click.option("--smoothing", default=0.05, show_default=True, type=click.FloatRange(0, 0.5), help="Label smoothing.")
@click.option("--name", default="sourcing-minilm", show_default=True, help="The model's name in reports.")
@click.option("--model-version", default="0", show_default=True, help="The model's version in reports.")
def command(
    data: Path,
    out: Path,
    epochs: int,
    batch: int,
    extra: tuple[Path, ...],
    resume: Path | None,
    minutes: float,
    seed: int,
    seeds: int,
    refine: int,
    smoothing: float,
    name: str,
    model_version: str,
) -> None:
    """Train the annotator, calibrate it on held-out articles and write an int8 ONNX file.

    Needs the [train] extra. docs/training.md says where the data comes from and what was tried.
    """
    if not (data / "polnear" / "train.jsonl.gz").is_file():
        raise UsageError(f"{data}: no polnear/train.jsonl.gz in this folder")
    try:
        from sourcing.training.run import run
        from sourcing.training.train import Plan
    except ImportError as error:
        raise UsageError(
            f"training needs the [train] extra: pip install 'sourcing[train]' ({error.name} is missing)"
        ) from error
    plan = Plan(
        epochs=epochs,
        batch=batch,
        minutes=minutes,
        seed=seed,
        seeds=seeds,
        refine_epochs=refine,
        smoothing=smoothing,
    )
    run(
        data,
        out,
        plan,
        extra=extra,
        resume=resume,
        name=name,
        version=model_version,
        report=lambda line: click.echo(line, err=True),
    )
