"""Print the N-th shell command of README.md, so that CI runs what the README says and nothing else."""

import re
import sys
from pathlib import Path

readme = Path(__file__).parents[1] / "README.md"
blocks = re.findall(r"```sh\n(.*?)```", readme.read_text(encoding="utf-8"), re.DOTALL)
print(blocks[int(sys.argv[1]) - 1])
