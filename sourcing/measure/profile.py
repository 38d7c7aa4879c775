"""Profiles: which weight each component of the score has. A profile is a TOML file; the default one ships here.

name = "wire"
description = "No interest in diversity."
[weights]
attribution_density = 2
named_share = 1
"""

import os
import tomllib
from math import isfinite
from pathlib import Path
from typing import Any

import msgspec

from sourcing.errors import UsageError
from sourcing.measure.components import COMPONENT_NAMES

SHIPPED = Path(__file__).parent / "profiles"


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """Named weights; a component without one has weight 0, and only the proportions matter."""

    name: str
    weights: dict[str, float]
    description: str = ""

    def weight(self, component: str) -> float:
        """Return the weight of `component`, 0 when the profile does not name it."""
        return self.weights.get(component, 0.0)


def load_profile(name_or_path: str | Path = "default") -> Profile:
    """Return a shipped profile by its name, or the one in a TOML file.

    Raises UsageError, in one sentence that names the file, when it is missing, broken, or its weights make no sense.

    >>> load_profile().name
    'default'
    """
    path = SHIPPED / f"{name_or_path}.toml"
    if str(name_or_path) not in profile_names():
        path = Path(name_or_path)
        if not os.path.isfile(path):  # noqa: PTH113 (Path.is_file raises for a name too long)
            known = ", ".join(profile_names())
            raise UsageError(f"No profile '{name_or_path}': it is neither a shipped one ({known}) nor a TOML file.")
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except RecursionError as error:
        raise UsageError(f"The profile {name_or_path} is nested too deep.") from error
    except ValueError as error:  # not only TOMLDecodeError: bytes that are no UTF-8, a number of 5,000 digits
        raise UsageError(f"The profile {name_or_path} is not valid TOML: {error}.") from error
    except OSError as error:
        raise UsageError(f"The profile {name_or_path} cannot be read: {error.strerror}.") from error
    return _profile(content, origin=str(name_or_path), fallback=path.stem)


def profile_names() -> tuple[str, ...]:
    """Return the names of the shipped profiles."""
    return tuple(sorted(path.stem for path in SHIPPED.glob("*.toml")))


def _profile(content: dict[str, Any], *, origin: str, fallback: str) -> Profile:
    for key in content:
        if key not in ("name", "description", "weights"):
            raise UsageError(f"The profile {origin} has an unknown key '{key}'; known are name, description, weights.")
    name, description = content.get("name", fallback), content.get("description", "")
    if not isinstance(name, str) or not isinstance(description, str):
        raise UsageError(f"The profile {origin} must give name and description as text.")
    table = content.get("weights")
    if not isinstance(table, dict):
        raise UsageError(f"The profile {origin} has no [weights] table.")
    weights = {component: _weight(component, value, origin) for component, value in table.items()}
    if not isfinite(sum(weights.values())):
        raise UsageError(f"The profile {origin} has weights too large to add up.")
    if not any(weights.values()):
        raise UsageError(f"The profile {origin} gives no component a weight above 0.")
    return Profile(name=name, description=description, weights=weights)


def _weight(component: str, value: object, origin: str) -> float:
    if component not in COMPONENT_NAMES:
        known = ", ".join(COMPONENT_NAMES)
        raise UsageError(f"The profile {origin} weights an unknown component '{component}'; known are {known}.")
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise UsageError(f"The profile {origin} gives '{component}' a weight that is not a number.")
    try:
        weight = float(value)
    except OverflowError as error:
        raise UsageError(f"The profile {origin} gives '{component}' a weight too large for a number.") from error
    if not isfinite(weight) or weight < 0:
        raise UsageError(
            f"The profile {origin} gives '{component}' the weight {value}; it must be 0 or more and finite."
        )
    return weight
