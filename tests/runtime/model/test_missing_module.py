"""What to do about an import that fails."""

import sys
from pathlib import Path

import pytest

from truss_cli.project import open_truss
from truss_cli.runtime.model.missing_module import how_to_provide

PIP = f"{sys.executable} -m pip install"
NOT_REQUIRED = f"No requirement provides `none_such`: add one that does to {{}}, then install it: {PIP} ..."


@pytest.mark.parametrize(
    ("config", "files", "advice"),
    [
        ("requirements: [nonesuch]", {}, f"Install what config.yaml requires: {PIP} nonesuch"),
        ("requirements: [none-such>=1]", {}, f"Install what config.yaml requires: {PIP} 'none-such>=1'"),
        (
            "requirements: [opencv-nonesuch, pytest]",
            {},
            f"Install what config.yaml requires: {PIP} opencv-nonesuch pytest",
        ),
        ("requirements: [pytest]", {}, NOT_REQUIRED.format("`requirements` in config.yaml")),
        (
            "requirements_file: reqs/all.txt",
            {"reqs/all.txt": "# torch\n-e .\nother-nonesuch\n"},
            f"Install what config.yaml requires: {PIP} -r reqs/all.txt",
        ),
        ("requirements_file: reqs.txt", {"reqs.txt": "pytest\n"}, NOT_REQUIRED.format("`reqs.txt`")),
        ("requirements_file: absent.txt", {}, NOT_REQUIRED.format("`absent.txt`")),
    ],
)
def test_a_package_is_installed_or_required_first(
    config: str, files: dict[str, str], advice: str, tmp_path: Path
) -> None:
    for name, text in {"config.yaml": config, **files}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    module = "nonesuch" if "[nonesuch]" in config else "none_such.inner"
    assert how_to_provide(module, open_truss(tmp_path)) == advice


def test_uv_installs_where_there_is_no_pip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pip", None)
    (tmp_path / "config.yaml").write_text("requirements: [nonesuch]\n")
    advice = how_to_provide("nonesuch", open_truss(tmp_path))
    assert advice.endswith(f": uv pip install --python {sys.executable} nonesuch")
