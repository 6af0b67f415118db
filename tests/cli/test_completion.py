"""A shell completes commands and options once it has read what the command prints."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import Run

BASH = shutil.which("bash") or "/bin/bash"


def _complete(words: list[str]) -> list[str]:
    """Return what bash would offer for the last of the words."""
    folder = Path(sys.executable).parent
    script = 'eval "$(multiplexer completion bash)"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _multiplexer_completion'
    output = subprocess.run(
        [BASH, "--norc", "-c", f'{script} "$1"; printf "%s\\n" "${{COMPREPLY[@]}}"', "bash", *words],
        env={**os.environ, "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        timeout=50,
        check=True,
    ).stdout
    return output.split()


def test_bash_completes_commands_and_options() -> None:
    assert _complete(["multiplexer", "mo"]) == ["monitor"]
    assert "--watch" in _complete(["multiplexer", "status", "--w"])
    assert _complete(["multiplexer", "completion", ""]) == ["bash", "zsh", "fish"]


@pytest.mark.parametrize(("shell", "registers"), [("zsh", "#compdef multiplexer"), ("fish", "--command multiplexer")])
def test_other_shells_have_theirs(run: Run, shell: str, registers: str) -> None:
    output = run("completion", shell).output
    assert registers in output
    assert f"_MULTIPLEXER_COMPLETE={shell}_complete" in output


def test_another_shell_is_refused(run: Run) -> None:
    result = run("completion", "tcsh")
    assert result.exit_code == 2
    assert "tcsh" in result.output


def test_the_command_goes_by_the_name_it_was_called_by() -> None:
    folder = Path(sys.executable).parent
    for command, name in (
        ([str(folder / "multiplexer")], "multiplexer"),
        ([sys.executable, "-m", "multiplexer"], "python -m multiplexer"),
    ):
        output = subprocess.run([*command, "-h"], capture_output=True, text=True, timeout=50, check=True).stdout
        assert output.startswith(f"Usage: {name} [OPTIONS]")
