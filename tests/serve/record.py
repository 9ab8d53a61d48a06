"""Record what the deployed model server answers, into exchanges.jsonl beside this file.

Run it with the project's own Python and the folders of two virtual environments:

    cd tests; python -m serve.record --builder VENV --server VENV

The builder has the package `truss` of PyPI (0.18.35); the server has what that
package's `templates/server/requirements.txt` lists. Each truss of `trusses/` is
laid out as the package's image builder would, in a temporary folder, and served
on a loopback address.
"""

import argparse
import json
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from serve.exchange import Exchange, perform, text_or_base64, touch, wait_until_asked
from serve.trusses import TRUSSES
from serve.trusses.served_truss import Ask, ServedTruss

OUT = Path(__file__).with_name("exchanges.jsonl")
WRITE_CONFIG = """
import pathlib, sys
from truss.base.truss_config import TrussConfig
TrussConfig.from_yaml(pathlib.Path(sys.argv[1])).write_to_yaml_file(pathlib.Path(sys.argv[2]), verbose=True)
"""
LAUNCH = """
import os, sys
import uvicorn
class LoopbackConfig(uvicorn.Config):
    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **{**options, "host": "127.0.0.1"})
uvicorn.Config = LoopbackConfig
sys.path.insert(0, os.getcwd())
from truss_server import TrussServer
TrussServer(int(sys.argv[1]), "config.yaml").start()
"""


def main() -> None:
    """Record all trusses, or those that are named."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--builder", type=Path, required=True)
    parser.add_argument("--server", type=Path, required=True)
    options = parser.parse_args()
    lines = []
    for truss in TRUSSES:
        with tempfile.TemporaryDirectory() as folder, serve(truss, Path(folder), options) as port:
            exchanges = list(record(truss, port, Path(folder) / "app"))
        described = {"id": truss.name, "model": truss.source, "config": truss.config, "ready": truss.ready}
        lines.append(json.dumps({**described, "exchanges": exchanges}))
        print(truss.name, len(exchanges), flush=True)  # noqa: T201 - a script
    OUT.write_text("\n".join(lines) + "\n", encoding="utf-8")


def record(truss: ServedTruss, port: int, app: Path) -> Iterator[Exchange]:
    """Ask all, and yield requests with answers."""
    for ask in truss.asks:
        request = described(ask)
        touch(app, request)
        yield {"request": request, "answer": perform(request, port)}


def described(ask: Ask) -> Exchange:
    """Return a request as it is recorded."""
    body = text_or_base64(ask.body) if isinstance(ask.body, bytes) else ask.body
    request: Exchange = {"method": ask.method, "path": ask.path}
    if ask.headers:
        request["headers"] = dict(ask.headers)
    if ask.say is not None:
        request["say"] = [text if isinstance(text, str) else {"base64": "YmluYXJ5"} for text in ask.say]
    elif body:
        request["body"] = body
    return {**request, "after": list(ask.after)} if ask.after else request


@contextmanager
def serve(truss: ServedTruss, folder: Path, options: argparse.Namespace) -> Iterator[int]:
    """Serve a truss with the original server, and yield its port."""
    source, app, home = folder / "truss", folder / "app", folder / "home"
    (source / "model").mkdir(parents=True)
    home.mkdir()
    (source / "model" / "model.py").write_text(truss.source, encoding="utf-8")
    (source / "config.yaml").write_text(json.dumps({"model_name": "m", **truss.config}), encoding="utf-8")
    templates = next(options.builder.glob("lib/python3*/site-packages/truss/templates"))
    shutil.copytree(templates / "server", app)
    shutil.copytree(templates / "shared", app / "_truss_shared")
    shutil.copytree(source / "model", app / "model")
    config = [source / "config.yaml", app / "config.yaml"]
    subprocess.run([options.builder / "bin" / "python", "-c", WRITE_CONFIG, *config], check=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    variables = truss.config.get("environment_variables", {})
    environment = {**os.environ, "HOME": str(home), **(variables if isinstance(variables, dict) else {})}
    command = [options.server / "bin" / "python", "-c", LAUNCH, str(port)]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=app, env=environment, stdout=log, stderr=log)
    try:
        wait_until_asked(truss.ready, port, app)
        yield port
    finally:
        process.kill()
        process.wait()


if __name__ == "__main__":
    main()
