"""TRS603: a requirement conflicts with what the model server requires."""

from truss_cli.check.rules.requirements.resolved import resolved_rule

SERVER_CONFLICT = resolved_rule(
    {
        "server": (
            "conflicts with what the model server requires",
            "Choose a version that agrees with it; docs/environment.md lists what the server requires.",
        )
    },
    code="TRS603",
    name="server-conflict",
    summary="A requirement conflicts with what the model server requires",
    explanation="""\
The build installs the packages of the model server together with the truss's, within
bounds that hold for both. A requirement outside these bounds, or one that needs a package
outside of them, makes the build fail.

Choose a version that agrees with the server's.""",
    good=("requirements: ['msgpack==1.1.0']\n",),
    bad=("requirements: ['msgpack==1.0.0']\n",),
)
