"""TRS606: opencv-python is required without the system's libGL."""

import re
from collections.abc import Iterator

from truss_cli.check.facts.requirements import named_requirements
from truss_cli.check.facts.truss import TrussFacts
from truss_cli.check.rule import Rule
from truss_cli.contract.terms import Severity
from truss_cli.diagnostic import Finding
from truss_cli.project import CONFIG_NAME

_WITH_WINDOWS = ("opencv-python", "opencv-contrib-python")
_WITHOUT_WINDOWS = ("opencv-python-headless", "opencv-contrib-python-headless")
_BRINGS_LIBRARY = re.compile(r"gl|mesa|opencv|ffmpeg|libav|gtk|qt|x11|xvfb|blender|vlc|gstreamer")
"""In the names of Debian packages that are libGL, or depend on it."""
_MORE_INSTALLED = ("base_image", "build_commands", "docker_server", "trt_llm", "bis_llm")


def _find(facts: TrussFacts) -> Iterator[Finding]:
    values = facts.truss.values
    packages = values.get("system_packages")
    named = packages if isinstance(packages, list) else []
    if any(values.get(key) for key in _MORE_INSTALLED) or any(
        _BRINGS_LIBRARY.search(str(one)) for one in named
    ):
        return
    requirements = facts.analysis(named_requirements)
    if any(one.name in _WITHOUT_WINDOWS for one in requirements):
        return
    for one in requirements:
        if one.name in _WITH_WINDOWS:
            message = f"`{one.name}` needs libGL, which is not among `system_packages`: importing cv2 fails"
            help_text = f"Require `{one.name}-headless`, or add `libgl1` to `system_packages`."
            yield Finding(one.source.path, one.span, message, help_text)


OPENCV_LIBRARIES = Rule(
    code="TRS606",
    name="opencv-libraries",
    severity=Severity.WARNING,
    summary="`opencv-python` is required without the system's libGL",
    explanation="""\
`opencv-python` can open windows, and needs libGL for that, which servers do not have:
`import cv2` fails, as libGL.so.1 cannot be opened.

Require `opencv-python-headless`, which is the same without windows, or add `libgl1` to
`system_packages`.""",
    find=_find,
    good=(
        "requirements: [opencv-python-headless]\n",
        "requirements: [opencv-python]\nsystem_packages: [libgl1]\n",
        "requirements: [opencv-python]\nsystem_packages: [ffmpeg, libsm6, libxext6]\n",
    ),
    bad=("requirements: [opencv-python==4.10.0.84]\n",),
    example_file=CONFIG_NAME,
)
