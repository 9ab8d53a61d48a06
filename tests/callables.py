"""What the fixtures give to tests: functions, by their types."""

import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from truss_cli.check.rule import Rule
from truss_cli.diagnostic import Diagnostic

Completed = subprocess.CompletedProcess[str]
Files = Mapping[str, str]
"""Names in a truss, and their texts."""

Run = Callable[..., Completed]
Predict = Callable[..., Completed]
PredictLate = Callable[..., Completed]
WriteTruss = Callable[[Files], Path]
WriteModel = Callable[..., Path]
Check = Callable[[Files], Sequence[Diagnostic]]
ResolvingCheck = Callable[[Files, Rule], Sequence[Diagnostic]]
RequireFindings = Callable[[str, str, Sequence[Diagnostic]], None]
"""Takes the name of a file, that of a case in it, and what was found."""
Report = Callable[[Mapping[str, Files], str], str]
