"""A repository that makes git run a command: a bare repository that is committed as a folder of another."""

import subprocess
from pathlib import Path

CONFIG = """\
[core]
repositoryformatversion = 1
bare = false
worktree = .
fsmonitor = touch {trace}
[extensions]
partialClone = origin
[remote "origin"]
url = .
promisor = true
uploadpack = "touch {trace}; git-upload-pack"
"""
MISSING_BLOB = "1" * 40


def write_hostile_repository(folder: Path, trace: Path) -> Path:
    """Write a repository, and return a folder in it in which git would create the file `trace`."""
    bare = folder / "sub"
    for name in ("objects", "refs", "truss/model"):
        (bare / name).mkdir(parents=True)
    _git("init", "--quiet", folder)
    (bare / "HEAD").write_text("ref: refs/heads/main\n")
    (bare / "config").write_text("[core]\nrepositoryformatversion = 0\nbare = false\nworktree = .\n")
    git = ("-C", bare, "--git-dir", bare)
    _git(*git, "update-index", "--add", "--cacheinfo", f"100644,{MISSING_BLOB},.gitignore")
    _git(*git, "update-index", "--skip-worktree", ".gitignore")
    (bare / "config").write_text(CONFIG.format(trace=trace))
    (bare / "truss/config.yaml").write_text("model_name: m\npython_version: py310\n")
    (bare / "truss/model/model.py").write_text("class Model:\n    def predict(self, model_input): ...\n")
    return bare


def _git(*arguments: str | Path) -> None:
    subprocess.run(["git", *arguments], check=True)  # noqa: S607 - the one on PATH
