"""``multiplexer completion``: what makes a shell complete the command's words."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

COMMAND = "multiplexer"
SHELLS = ("bash", "zsh", "fish")


@click.command()
@click.argument("shell", type=click.Choice(SHELLS))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print the completion of this command for SHELL.

    \b
    bash, in ~/.bashrc:  eval "$(multiplexer completion bash)"
    zsh, in ~/.zshrc:    eval "$(multiplexer completion zsh)"
    fish, once:          multiplexer completion fish > ~/.config/fish/completions/multiplexer.fish
    """
    found = get_completion_class(shell)
    assert found is not None
    # By the formatter alone: the class's own source() would start a bash to ask for its version.
    maker = found(context.find_root().command, {}, COMMAND, f"_{COMMAND.upper()}_COMPLETE")
    click.echo(maker.source_template % maker.source_vars(), nl=False)
