"""`truss serve`: the order of the work."""

from truss_cli.errors import ExitCode
from truss_cli.packages import require_extra
from truss_cli.runtime.model.opening import open_named_truss
from truss_cli.runtime.process.standard_streams import require_standard_streams
from truss_cli.serve.options import ServeOptions

__all__ = ["ServeOptions", "serve"]


def serve(options: ServeOptions) -> ExitCode:
    """Serve the model until Ctrl-C; raise TrussError for what keeps it from being served."""
    require_extra("serve", "`truss serve`")
    require_standard_streams()
    truss = open_named_truss(options.folder, "serve")
    from truss_cli.serve.session import ServeSession  # noqa: PLC0415 - errors first, and fast

    return ServeSession(options, truss).run()
