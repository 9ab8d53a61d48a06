"""Small packages of one module, as a folder that uv finds them in, without any index."""

import io
import tarfile
import zipfile
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path

from truss_cli.deployment.server_packages import REQUIREMENTS

_WHEEL = "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: {tag}\n"


def write_wheel(  # noqa: PLR0913 - all that tells one package from another
    folder: Path,
    name: str,
    version: str,
    *requires: str,
    tag: str = "py3-none-any",
    python: str = "",
    files: Mapping[str, str] | None = None,
) -> None:
    """Write a wheel whose one module has the package's name and version, unless other files are given.

    It is for the Pythons of a specifier, if one is given.
    """
    module = name.replace("-", "_")
    info = f"{module}-{version}.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    metadata += "".join(f"Requires-Dist: {one}\n" for one in requires)
    metadata += f"Requires-Python: {python}\n" if python else ""
    texts = {
        **(files or {f"{module}.py": f"__version__ = {version!r}\n"}),
        f"{info}/METADATA": metadata,
        f"{info}/WHEEL": _WHEEL.format(tag=tag),
    }
    record = "".join(f"{path},,\n" for path in (*texts, f"{info}/RECORD"))
    with zipfile.ZipFile(folder / f"{module}-{version}-{tag}.whl", "w") as wheel:
        for path, text in {**texts, f"{info}/RECORD": record}.items():
            wheel.writestr(path, text)


def write_source(folder: Path, name: str, version: str, *build_requires: str, backend: str = "") -> None:
    """Write a source distribution that is built by a module of its own, whose text is given."""
    module = name.replace("-", "_")
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    project = "[build-system]\nbuild-backend = 'own'\nbackend-path = ['.']\n"
    project += f"requires = {list(build_requires)}\n"
    with tarfile.open(folder / f"{module}-{version}.tar.gz", "w:gz") as archive:
        for path, text in {"PKG-INFO": metadata, "pyproject.toml": project, "own.py": backend}.items():
            file = tarfile.TarInfo(f"{module}-{version}/{path}")
            file.size = len(text.encode())
            archive.addfile(file, io.BytesIO(text.encode()))


def write_server_wheels(folder: Path) -> None:
    """Write a package for each that the server requires, in the oldest version that will do."""
    for line in REQUIREMENTS.splitlines():
        name, _, version = line.partition(">=" if ">=" in line else "==")
        write_wheel(folder, name, version.partition(",")[0])
    write_wheel(folder, "truss-transfer", "0.0.42")  # within the constraints too
    write_wheel(folder, "msgpack", "1.0.0")
    write_wheel(folder, "numpy", "2.1.0")


def write_installed_wheel(folder: Path, name: str) -> None:
    """Write a wheel of a package that is installed here and consists of Python alone."""
    found = metadata.distribution(name)
    files = {
        str(path): path.read_text("utf-8")
        for path in found.files or ()
        if path.suffix in {".py", ".typed"} and not path.is_absolute() and ".." not in path.parts
    }
    requires = [one for one in found.requires or () if "extra ==" not in one]
    write_wheel(folder, name, found.version, *requires, files=files)
