# Sourced by scripts/demo, scripts/test and .ci/run: a virtual environment from nothing but Python and its venv module.
# shellcheck shell=bash

# Tests start hundreds of interpreters, each of which would compile everything anew.
unset PYTHONDONTWRITEBYTECODE

# Print the first Python that is new enough and can make environments; say what is missing where there is none.
find_python() {
    local candidate too_old="" no_venv=""
    for candidate in ${PYTHON:+"$PYTHON"} python3.11 python3.12 python3.13 python3.14 python3; do
        # Asked, not looked up: a name on PATH may be a stand-in for a version that is not installed.
        "$candidate" -c '' >/dev/null 2>&1 || continue
        if ! "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
            too_old="$candidate is $("$candidate" --version 2>&1)"
        elif ! "$candidate" -c 'import ensurepip, venv' >/dev/null 2>&1; then
            no_venv="$candidate"
        else
            echo "$candidate"
            return
        fi
    done
    if [ -n "$no_venv" ]; then
        echo "$no_venv lacks its venv module; on Debian: apt-get install $("$no_venv" -c \
            'import sys; print(f"python3.{sys.version_info[1]}-venv")')" >&2
    else
        echo "This needs Python 3.11 or later${too_old:+; $too_old}. PYTHON=/path/to/python names one." >&2
    fi
    return 1
}

# requirements NAMES: print what pip is to install: this checkout with the extras and groups of pyproject.toml that have
# these NAMES. Reads them by $python, as the pip that an environment begins with is older than groups.
requirements() {
    "$python" - "$1" <<'EOF'
import re, sys, tomllib
with open("pyproject.toml", "rb") as file:
    settings = tomllib.load(file)
extras, groups = settings["project"]["optional-dependencies"], settings["dependency-groups"]
own, others = {}, {}
def add(name):
    if name in extras:
        own[name] = None
    elif name in groups:
        for line in groups[name]:
            ours = re.fullmatch(re.escape(settings["project"]["name"]) + r"\[(.+)\]", line)
            own.update(dict.fromkeys(ours[1].split(","))) if ours else others.update({line: None})
    else:
        sys.exit(f"pyproject.toml has neither an extra nor a group of the name {name}")
for name in sys.argv[1].split(","):
    add(name)
print(f"-e .[{','.join(own)}]" if own else "-e .", *others, sep="\n")
EOF
}

# make_environment FOLDER NAMES: see that FOLDER is an environment with this checkout and its extras and groups of these
# NAMES, and is up to date.
make_environment() {
    local folder=$1 names=$2 python stamp needed
    python=$(find_python) || return 1
    stamp=$("$python" - "$names" <<'EOF'
import hashlib, os, pathlib, sys
parts = (pathlib.Path("pyproject.toml").read_text(), sys.argv[1], sys.version, sys.executable, os.getcwd())
print(hashlib.sha256("\0".join(parts).encode()).hexdigest())
EOF
    ) || return 1
    if [ "$(cat "$folder/stamp" 2>/dev/null)" = "$stamp" ] && "$folder/bin/python" -c '' 2>/dev/null; then
        return
    fi
    echo "Making $folder with $("$python" --version) ($python) and $names"
    needed=$(requirements "$names") || return 1
    rm -rf "$folder"
    "$python" -m venv "$folder" || { echo "No environment could be made in $PWD." >&2; return 1; }
    echo "$needed" >"$folder/requirements.txt"
    # Most of what is installed is never imported: Python compiles what is.
    if ! "$folder/bin/python" -m pip install --quiet --disable-pip-version-check --no-input --no-compile \
        --requirement "$folder/requirements.txt"; then
        echo "The packages could not be installed (see above); pip takes them from the index it is configured for." >&2
        return 1
    fi
    echo "$stamp" >"$folder/stamp"
}
