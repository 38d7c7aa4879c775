"""Invented news for a small corpus: two outlets write about one town, and one of them quotes people whom nobody else has met."""

import json

TOWNS = [
    "Port Ellery",
    "Westmere",
    "Saltby",
    "Dunmore",
    "Kilbrae",
    "Harrow Bay",
    "Little Fenwick",
    "Ostrand",
    "Pell",
    "Tarn",
]
MATTERS = ["harbour wall", "night bus", "school roof", "fish market", "swimming pool", "town archive", "tram line"]
KNOWN = ["Ruth Ellery", "Samuel Adeyemi", "Ines Calder", "Tomas Berg"]
STRANGERS = [
    "Vera Holt",
    "Milo Strand",
    "Greta Finch",
    "Oskar Pryce",
    "Nadia Quell",
    "Jonas Wick",
    "Petra Lowe",
    "Silas Thorn",
]


def articles(number):
    """Yield articles as JSON objects, by turns of two outlets."""
    for n in range(number):
        town, matter = TOWNS[n % len(TOWNS)], MATTERS[n % len(MATTERS)]
        first, second = KNOWN[n % len(KNOWN)], KNOWN[(n + 1) % len(KNOWN)]
        careful = n % 2 == 0
        stranger = (
            f"{STRANGERS[n % len(STRANGERS)]}{'' if n < 8 else f'-{TOWNS[n % 10].split()[-1]}{chr(97 + n % 26)}'}"
        )
        extra = (
            f"“The drawings for the {matter} were checked twice,” {second} of the county told the paper on day {n + 3}."
            if careful
            else f"“Nobody asked us about the {matter} in all of {n + 2} weeks,” said {stranger}, a retired pilot. "
            f"One official, who was not named, said the bill would pass £{n + 11} million."
        )
        yield {
            "id": f"{'courier' if careful else 'post'}/{n}",
            "outlet": "Westmere Courier" if careful else "Inland Post",
            "title": f"{town} argues over its {matter}",
            "published": f"2026-{1 + n % 9:02}-{1 + n % 27:02}",
            "text": f"{town} argues over its {matter}\n\n"
            f"{town.upper()} — The council of {town} will spend {n + 4} months on the {matter}, Mayor {first} said.\n\n"
            f"“We have waited {n + 5} years for this {matter} and will not wait longer,” {first} told reporters in {town}.\n\n"
            f"{extra}\n\nA report by the {town} Trust found that costs had doubled since {1950 + n}.",
        }


def write(path, number):
    """Write them as JSON Lines."""
    path.write_text("".join(json.dumps(article) + "\n" for article in articles(number)), encoding="utf-8")


if __name__ == "__main__":
    import sys
    from pathlib import Path

    write(Path(sys.argv[1]), int(sys.argv[2]))
