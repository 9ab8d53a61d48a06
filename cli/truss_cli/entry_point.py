"""Entry point of the installed scripts: imports nothing before Ctrl-C is handled."""


def main() -> None:
    """Run `truss`; Ctrl-C during the imports ends it without a traceback."""
    try:
        from truss_cli.__main__ import main as run  # noqa: PLC0415 - inside the `try`
    except KeyboardInterrupt:
        raise SystemExit(130) from None  # `ExitCode.INTERRUPTED`, which may not be imported
    run()
