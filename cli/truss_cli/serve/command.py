"""`truss serve`: the order of the work."""

from truss_cli.environment.isolated import Isolation
from truss_cli.errors import ExitCode
from truss_cli.packages import require_extra
from truss_cli.runtime.model.opening import open_named_truss
from truss_cli.runtime.process.standard_streams import require_standard_streams
from truss_cli.serve.options import ServeOptions

__all__ = ["Isolation", "ServeOptions", "serve"]


def serve(options: ServeOptions) -> ExitCode:
    """Serve the model until Ctrl-C; raise TrussError for what keeps it from being served."""
    options.isolation.require_wanted(isolated=options.isolated)
    if not options.isolated:  # an environment of the truss's own has what serves
        require_extra("serve", "`truss serve`")
    elif options.reload:
        require_extra("watch", "`--reload`")
    require_standard_streams()
    truss = open_named_truss(options.folder, "serve")
    from truss_cli.serve.session import ServeSession  # noqa: PLC0415 - errors first, and fast

    return ServeSession(options, truss).run()
