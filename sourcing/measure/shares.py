"""Shares and ratios, written one way everywhere: four decimals, None instead of a division by nought.

>>> ratio(1, 3), ratio(0, 0)
(0.3333, None)
>>> wilson(8, 10)
(0.4902, 0.9433)
"""

from math import sqrt

DECIMALS = 4
Z_95 = 1.959963984540054  # the standard normal's 97.5 % point


def ratio(count: float, of: float, *, per: float = 1.0) -> float | None:
    """Return per * count / of, rounded to four decimals, or None when `of` is 0."""
    return round(per * count / of, DECIMALS) if of else None


def wilson(count: float, of: int) -> tuple[float | None, float | None]:
    """Return the bounds of the 95 % score interval of the share count / of; (None, None) when `of` is 0.

    Wilson (1927), without continuity correction; it holds for small counts and shares of 0 or 1, where the usual
    interval has no width (Brown, Cai and DasGupta 2001). It takes the attributions as independent draws.
    """
    if not of:
        return None, None
    share, square = count / of, Z_95 * Z_95
    middle = share + square / (2 * of)
    reach = Z_95 * sqrt(share * (1 - share) / of + square / (4 * of * of))
    low, high = (middle - reach) / (1 + square / of), (middle + reach) / (1 + square / of)
    return round(max(0.0, min(low, share)), DECIMALS), round(min(1.0, max(high, share)), DECIMALS)
