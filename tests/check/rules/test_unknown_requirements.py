"""What cannot be known of requirements here is said, and no rule reports it."""

import functools
import http.server
import shutil
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from callables import Completed, Run, WriteTruss
from wheels import write_source, write_wheel

MODEL = "class Model:\n    def predict(self, model_input):\n        return model_input\n"
NOTE = "could not be resolved, and were not checked"
RAISING = "raise RuntimeError('built')\n"


@pytest.fixture
def packages(package_index: Mapping[str, str], tmp_path: Path) -> Path:
    """Give a folder of the test's own with the packages of all tests, to write others into."""
    folder = tmp_path / "packages"
    shutil.copytree(package_index["UV_FIND_LINKS"], folder)
    return folder


@pytest.fixture
def index() -> Iterator[str]:
    """Serve an index that answers those alone who have signed in, and give its address."""

    class Denying(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_error(401)

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Denying) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/simple"
        server.shutdown()


@pytest.fixture
def caching_index(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """Serve an index whose pages may be kept for an hour; give its address, and its folder of packages."""

    class Caching(http.server.SimpleHTTPRequestHandler):
        def end_headers(self) -> None:
            self.send_header("Cache-Control", "max-age=3600")
            super().end_headers()

        def log_message(self, *_: object) -> None:
            pass

    folder = tmp_path / "simple"
    folder.mkdir()
    handler = functools.partial(Caching, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", folder
        server.shutdown()


class Resolve:
    """Checks a truss by its requirements."""

    def __init__(self, run: Run, write_truss: WriteTruss, env: Mapping[str, str]) -> None:
        self.run, self.write_truss, self.env = run, write_truss, env

    def __call__(self, *requirements: str, files: Mapping[str, str] | None = None, **env: str) -> Completed:
        """Check with the requirements, for Python 3.11, and return what was said."""
        lines = "".join(f"- {text!r}\n" for text in requirements)
        config = f"python_version: py311\nrequirements:\n{lines}"
        truss = self.write_truss({"config.yaml": config, "model/model.py": MODEL, **(files or {})})
        arguments = ("--resolve", "--select", "TRS60", "--output-format", "concise")
        return self.run("check", truss, *arguments, env={**self.env, **env})


@pytest.fixture
def resolve(run: Run, write_truss: WriteTruss, package_index: Mapping[str, str], packages: Path) -> Resolve:
    """Check a truss by its requirements, with the packages of the test."""
    env = {**package_index, "UV_FIND_LINKS": str(packages), "UV_HTTP_RETRIES": "0"}
    return Resolve(run, write_truss, env)


def test_newest_release_of_a_minor_version_counts(resolve: Resolve, packages: Path) -> None:
    write_wheel(packages, "example-recent", "1.0", python=">=3.11.4,!=3.11.0")
    assert resolve("example-recent").stdout == ""
    write_wheel(packages, "example-newer", "1.0", python=">=3.12")
    found = resolve("example-newer").stdout
    assert "TRS604" in found
    assert "3.11.99" not in found


def test_what_a_build_requires_is_not_what_the_truss_requires(resolve: Resolve, packages: Path) -> None:
    write_source(packages, "example-source", "1.0", "absent-backend", backend=RAISING)
    done = resolve("example-source", "example-library==1.0")
    assert (done.returncode, done.stdout) == (0, "")
    assert NOTE in done.stderr
    assert "example-source" in done.stderr


def test_packages_of_gigabytes_are_not_installed_to_build_others(
    resolve: Resolve, packages: Path, tmp_path: Path
) -> None:
    started = tmp_path / "started"
    write_wheel(packages, "torch", "2.0")
    write_source(packages, "example-source", "1.0", "torch", backend=f"open({str(started)!r}, 'w')\n")
    done = resolve("example-source")
    assert (done.returncode, done.stdout) == (0, "")
    assert NOTE in done.stderr
    assert not started.exists()


@pytest.mark.parametrize(
    "requirement",
    [
        "example-address @ http://127.0.0.1:9/example_address-1.0-py3-none-any.whl",
        "http://127.0.0.1:9/example_address-1.0-py3-none-any.whl",
        "git+http://127.0.0.1:9/example.git",
        "--extra-index-url http://127.0.0.1:9/simple",
        "--find-links http://127.0.0.1:9/",
    ],
)
def test_unreachable_place_that_one_truss_names_stops_no_other(
    requirement: str, run: Run, write_truss: WriteTruss, resolve: Resolve
) -> None:
    folder = write_truss({"config.yaml": "requirements: [example-librari]\n", "model/model.py": MODEL})
    folder.rename(folder.with_name("another"))
    done = resolve(requirement)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert NOTE in done.stderr
    assert "127.0.0.1" in done.stderr
    narrow = {**resolve.env, "COLUMNS": "40"}
    both = run("check", folder, folder.with_name("another"), "--resolve", env=narrow)
    assert "127.0.0.1" in both.stderr
    assert both.returncode == 1
    assert "TRS601" in both.stdout


def test_package_of_an_index_that_wants_a_password_may_exist(resolve: Resolve, index: str) -> None:
    done = resolve(f"--extra-index-url {index}", "example-private")
    assert (done.returncode, done.stdout) == (0, "")
    assert NOTE in done.stderr


def test_indexes_that_the_truss_names_are_searched_for_each_requirement(
    resolve: Resolve, tmp_path: Path
) -> None:
    folder = tmp_path / "more"
    folder.mkdir()
    write_wheel(folder, "example-plugin", "3.0", "example-library==1.1")
    done = resolve(f"--find-links {folder.as_uri()}", "example-plugin==3.0", "example-library==1.0")
    assert "`example-plugin==3.0` cannot be met beside the other requirements" in done.stdout
    assert "`example-plugin==3.0` cannot be met:" not in done.stdout


def test_settings_of_a_project_around_the_truss_do_not_count(resolve: Resolve) -> None:
    project = "[project]\nname = 'p'\nversion = '1'\n"
    bounds = "[tool.uv]\nconstraint-dependencies = ['example-library<1']\n"
    assert resolve("example-library", files={"pyproject.toml": project + bounds}).stdout == ""
    assert resolve("example-library", files={"uv.toml": "no-index = true\n"}).stdout == ""


def test_settings_that_choose_other_versions_do_not_count(resolve: Resolve, tmp_path: Path) -> None:
    bounds = tmp_path / "bounds.txt"
    bounds.write_text("example-library<1\n")
    assert resolve("example-library", UV_CONSTRAINT=str(bounds), UV_OVERRIDE=str(bounds)).stdout == ""


def test_long_explanation_is_cut_to_what_decides(resolve: Resolve, packages: Path) -> None:
    for number in range(6):
        write_wheel(packages, "example-chain", f"1.{number}", f"example-link==1.{number}")
        write_wheel(packages, "example-link", f"1.{number}", f"example-library<{number + 1}")
    write_wheel(packages, "example-library", "99")
    done = resolve("example-chain", "example-library==99")
    lines = done.stdout.splitlines()
    assert len(lines) == len(("example-chain", "example-library"))
    for line in lines:
        assert line.endswith(
            "cannot be met beside the other requirements: all versions of example-chain depend on "
            "example-library<6, and you require example-chain and example-library==99"
        )


def test_version_that_is_newer_than_what_uv_remembers_is_found(
    resolve: Resolve, caching_index: tuple[str, Path]
) -> None:
    address, folder = caching_index
    place, package = f"--extra-index-url {address}", folder / "example-fresh"
    package.mkdir()
    write_wheel(package, "example-fresh", "1.0")
    assert resolve(place, "example-fresh").stdout == ""
    assert "TRS602" in resolve(place, "example-fresh==2.0").stdout
    write_wheel(package, "example-fresh", "2.0")
    offline = resolve(place, "example-fresh==2.0", UV_OFFLINE="1")
    assert (offline.returncode, offline.stdout) == (0, "")
    assert NOTE in offline.stderr
    assert resolve(place, "example-fresh==2.0").stdout == ""


def test_server_whose_requirements_cannot_be_met_is_no_fault_of_the_truss(
    resolve: Resolve, packages: Path
) -> None:
    for wheel in packages.glob("joblib-*"):
        wheel.unlink()
    write_wheel(packages, "joblib", "1.2.0", "loguru<0.7")
    done = resolve("loguru==0.7.2")
    assert (done.returncode, done.stdout) == (0, "")
    assert NOTE in done.stderr


def test_wheel_for_the_newest_glibc_that_an_image_has_will_do(resolve: Resolve, packages: Path) -> None:
    write_wheel(packages, "example-native", "1.0", tag="cp311-cp311-manylinux_2_39_x86_64")
    assert resolve("example-native").stdout == ""
