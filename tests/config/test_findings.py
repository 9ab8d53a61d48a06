"""What the author of a config.yaml is told."""

from pathlib import Path

import pytest

from truss_cli.config.finding import ConfigFinding, Problem
from truss_cli.config.text.document import read_document
from truss_cli.config.validation.inspect import inspect


@pytest.fixture
def found(tmp_path: Path) -> "Found":
    return Found(tmp_path)


class Found:
    """Writes a config.yaml and gives what is found in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, text: str) -> list[ConfigFinding]:
        path = self.folder / "config.yaml"
        path.write_text(text, encoding="utf-8")
        return inspect(read_document(path), self.folder)

    def one(self, text: str) -> ConfigFinding:
        findings = self(text)
        assert len(findings) == 1, findings
        return findings[0]


@pytest.mark.parametrize(
    ("text", "message", "advice"),
    [
        ("resources: {memory: 16}", "`memory` must be a string, but is a number", 'Write `memory: "16Gi"`.'),
        (
            """trt_llm: {build: {checkpoint_repository: {source: S3, repo: b},
                                 lora_cache_host_memory_bytes: 8}}""",
            "`lora_cache_host_memory_bytes` does not belong in `build`",
            "Move it under `trt_llm.runtime`.",
        ),
        ("resources: {cpu: 4}", "`cpu` must be a string, but is a number", 'Write `cpu: "4"`.'),
        (
            "python_version: 3.11",
            "`python_version` must be a string, but is a number",
            'Write `python_version: "py311"`.',
        ),
        (
            "spec_version: 2.0",
            "`spec_version` must be a string, but is a number",
            'Write `spec_version: "2.0"`.',
        ),
        (
            "requirements: [1.0]",
            "`requirements[0]` must be a string, but is a number",
            'Put it in quotes: `"1.0"`.',
        ),
        (
            "requirements: torch",
            "`requirements` must be a list, but is a string",
            "Write `requirements: [torch]`.",
        ),
        (
            "system_packages:",
            "`system_packages` must be a list, but is null",
            "Remove the key, or write `system_packages: []`.",
        ),
        (
            "resources:",
            "`resources` must be a mapping, but is null",
            "Remove the key, or write `resources: {}`.",
        ),
        ("python_version: '3.11'", "there is no Python `3.11` to serve with", "Write `py311`."),
        (
            "resources: {acelerator: T4}",
            "unknown key `acelerator` in `resources`",
            "Did you mean `accelerator`?",
        ),
        ("resources: {gpu: T4}", "unknown key `gpu` in `resources`", "Name the GPU: `accelerator: L4`."),
        ("memory: 2Gi", "unknown key `memory`", "Move it under `resources`."),
        (
            "resources: {secrets: {}}",
            "unknown key `secrets` in `resources`",
            "Move it to the top of the file.",
        ),
        ("requirement: [a]", "unknown key `requirement`", "Did you mean `requirements`?"),
        ("live_reload: maybe", "`live_reload` must be true or false, but is a string", None),
        (
            "runtime: {predict_concurrency: many}",
            "`predict_concurrency` must be a whole number, but is a string",
            None,
        ),
        (
            "build: {model_server: TrusServer}",
            "`model_server` cannot be `TrusServer`",
            "Did you mean `TrussServer`?",
        ),
        (
            "environment_variables: {on: a}",
            "key `on` is true, but must be a string",
            "Put the key in quotes.",
        ),
        ("hf_cache: []", "`hf_cache` is deprecated", "Rename it to `model_cache`."),
        ("requirements: [torch=2.1]", "`torch=2.1` is not a Python requirement", "Write `torch==2.1`."),
        ("requirements: ['torch 2.1']", "`torch 2.1` is not a Python requirement", "Write `torch==2.1`."),
    ],
)
def test_message_and_help(found: Found, text: str, message: str, advice: str | None) -> None:
    finding = found.one(text)
    assert message in finding.message
    assert finding.help == advice


def test_all_findings_of_a_file_are_given_in_order(found: Found) -> None:
    findings = found(
        "model_name: 3\n"
        "nonsense: 1\n"
        "resources:\n"
        "  cpu: 4\n"
        "  memory: 16GB\n"
        "  accelerator: a100\n"
        "secrets: [hf]\n"
        "external_data:\n"
        "- url: x\n"
        "- {url: '', local_data_path: p}\n"
    )
    assert [(finding.span.start.line, finding.problem) for finding in findings] == [
        (1, Problem.WRONG_TYPE),
        (2, Problem.UNKNOWN_KEY),
        (4, Problem.WRONG_TYPE),
        (5, Problem.BAD_VALUE),
        (6, Problem.BAD_VALUE),
        (7, Problem.WRONG_TYPE),
        (9, Problem.MISSING_KEY),
        (10, Problem.BAD_VALUE),
    ]


def test_the_other_place_is_related(found: Found) -> None:
    finding = found.one(
        "weights:\n- {source: 'hf://a/b', mount_location: /m}\n- {source: 'hf://a/c', mount_location: /m}\n"
    )
    assert finding.span.start.line == 3
    assert [(span.start.line, text) for span, text in finding.related] == [(2, "first mounted here")]


@pytest.mark.parametrize(
    "requirement",
    [
        "torch",
        "torch>=2.1,<3",
        "torch[cuda] ~= 2.1",
        "torch==2.1.0+cu118",
        "torch; python_version < '3.12'",
        "name @ https://example.com/name.whl",
        "git+https://github.com/a/b@main#egg=b",
        "--extra-index-url https://example.com",
        "-r other.txt",
        "./wheels/name.whl",
        "https://example.com/name-1.0.tar.gz",
        "# a comment",
        "torch==2.1  # pinned",
        "torch==2.1 --hash=sha256:abc",
        "${WHEEL}",
        "",
        "numpy==1.26.*",
    ],
)
def test_what_pip_takes_is_let_be(found: Found, requirement: str) -> None:
    assert found(f"requirements: [{requirement!r}]\n") == []


class TestSecrets:
    @pytest.mark.parametrize(
        "value",
        [
            "null",
            "''",
            "ENTER YOUR TOKEN HERE",
            "your-token",
            "<token>",
            "${HF_TOKEN}",
            "hf_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            "hf_access_token",
            "placeholder",
            "set-me-in-the-workspace-settings-page",
        ],
    )
    def test_placeholders_are_let_be(self, found: Found, value: str) -> None:
        assert found(f"secrets: {{hf_access_token: {value!r}}}".replace("'null'", "null")) == []

    @pytest.mark.parametrize(
        "text",
        [
            "secrets: {token: hf_Zk3vQ9dLw7TbYx2RmNs8PcAb}",
            "secrets: {key: AKIAQ3EGRL5XNB7TDW2Z}",
            "secrets: {key: 9f86d081884c7d659a2feaa0c55ad015}",
            "environment_variables: {HF_TOKEN: hf_Zk3vQ9dLw7TbYx2RmNs8PcAb}",
        ],
    )
    def test_real_values_are_found_and_never_shown(self, found: Found, text: str) -> None:
        finding = found.one(text)
        value = text.rsplit(": ", maxsplit=1)[-1].rstrip("}")
        assert finding.problem is Problem.SECRET_VALUE
        assert value not in f"{finding.message} {finding.help}"

    def test_a_number_under_secrets_is_not_shown(self, found: Found) -> None:
        finding = found.one("secrets: {pin: 48151623}")
        assert "48151623" not in f"{finding.message} {finding.help}"


class TestFiles:
    def test_what_is_there_is_not_missed(self, found: Found) -> None:
        for name in ("shared", "weights", "libs"):
            (found.folder / name).mkdir()
        (found.folder / "r.txt").write_text("torch\n")
        assert (
            found(
                "requirements_file: r.txt\nexternal_package_dirs: [shared]\n"
                "data_dir: weights\nbundled_packages_dir: libs\n"
            )
            == []
        )

    @pytest.mark.parametrize(
        ("text", "problem"),
        [
            ("requirements_file: r.txt", Problem.MISSING_FILE),
            ("requirements_file: .", Problem.MISSING_FILE),
            ("external_package_dirs: [../nowhere]", Problem.MISSING_FILE),
            ("external_package_dirs: [config.yaml]", Problem.MISSING_FILE),
            ("data_dir: nowhere", Problem.ABSENT_FOLDER),
            ('requirements_file: "a\\0b"', Problem.MISSING_FILE),
        ],
    )
    def test_what_is_not_there_is_found(self, found: Found, text: str, problem: Problem) -> None:
        assert found.one(text).problem is problem

    def test_a_lock_needs_the_project_it_was_locked_from(self, found: Found) -> None:
        (found.folder / "uv.lock").write_text("version = 1\n")
        assert found.one("requirements_file: uv.lock").problem is Problem.MISSING_FILE
        (found.folder / "pyproject.toml").write_text("[project]\nname = 'm'\n")
        assert found("requirements_file: uv.lock") == []

    def test_a_file_outside_is_not_uploaded(self, found: Found) -> None:
        (found.folder.parent / "outside.txt").write_text("torch\n")
        assert found.one("requirements_file: ../outside.txt").problem is Problem.OUTSIDE
