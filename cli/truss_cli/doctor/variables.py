"""The environment variables of the deployment, and those of a run here; their values are not shown."""

from collections.abc import Iterator, Mapping

from truss_cli.deployment.variables import configured_variables, is_image_variable
from truss_cli.doctor.findings import Comparison, Verdict
from truss_cli.project import Truss


def compare_variables(truss: Truss, variables: Mapping[str, str]) -> Iterator[Comparison]:
    """Yield the variables that config.yaml or the option `--env` sets."""
    settings = configured_variables(truss)
    for name, value in settings.items():
        differs = variables.get(name, value) != value
        here = "another value, from --env" if differs else "the same"
        yield Comparison(name, "set in config.yaml", here, Verdict.DIFFERS if differs else Verdict.FITS)
    for name in variables:
        if name not in settings and not is_image_variable(name):
            yield Comparison(name, "not set in config.yaml", "set by --env", Verdict.DIFFERS)
