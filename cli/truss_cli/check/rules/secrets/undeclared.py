"""Secrets that are read, but not declared in config.yaml."""

from collections.abc import Iterator

from truss_cli.check.facts.secrets.uses import SecretRead
from truss_cli.check.facts.truss import TrussFacts
from truss_cli.check.rule import Find
from truss_cli.diagnostic import Edit, Finding, Fix
from truss_cli.project import CONFIG_NAME, Truss


def find_undeclared(*, certain: bool) -> Find:
    """Return the `find` of a rule that reports reads that happen on every load (`certain`), or the others."""

    def find(facts: TrussFacts) -> Iterator[Finding]:
        declared = facts.truss.secrets
        if facts.secret_uses.peeks or not facts.config_is_readable:
            return
        for read in facts.secret_uses.reads:
            safe = read.name in declared or (read.guarded and not declared)
            if not safe and (read.certain and not read.guarded) is certain:
                yield _undeclared(facts.truss, read)

    return find


def _undeclared(truss: Truss, read: SecretRead) -> Finding:
    message = f"secret `{read.name}` is read, but config.yaml does not declare it"
    help_text = (
        f"Add `{read.name}: null` under `secrets` in config.yaml; even `.get` and `in` raise otherwise."
    )
    return read.module.finding(read.node, message, help_text, fix=declare_secret(truss, read.name))


def declare_secret(truss: Truss, name: str) -> Fix | None:
    """Return the fix that adds a secret to config.yaml."""
    from truss_cli.config.text.additions import add_null  # noqa: PLC0415 - only for a finding

    addition = add_null(truss.document, "secrets", name) if truss.document else None
    if addition is None:
        return None
    return Fix(f"Declare `{name}` in {CONFIG_NAME}", (Edit(truss.config_path, *addition),))
