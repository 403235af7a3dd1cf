#!/bin/sh
# Everything that `make play` and `make test` need, once: system libraries, a virtual environment in .venv, the package.
#   setup.sh play | test | docs
# PYTHON names the interpreter to use (default: the newest of python3.13 ... python3.11, python3).
set -eu
cd "$(dirname "$0")"
purpose=${1:-play}

say() { printf 'riffsynth setup: %s\n' "$*"; }
fail() { say "$*" >&2; exit 2; }

find_python() {
    for name in ${PYTHON:-python3.12 python3.11 python3.13 python3.14 python3}; do
        if command -v "$name" >/dev/null 2>&1 &&
            "$name" -c 'import sys; sys.exit(not ((3, 11) <= sys.version_info < (3, 15)))' 2>/dev/null; then
            echo "$name"
            return
        fi
    done
    fail "Python 3.11 to 3.14 is needed and was not found; set PYTHON=/path/to/python"
}

has_library() { ldconfig -p 2>/dev/null | grep -q "$1" || [ -e "/usr/lib/$1" ]; }

# On Linux PortAudio comes from the system; the wheels for macOS and Windows carry it.
system_packages() {
    [ "$(uname)" = Linux ] || return 0
    missing=
    has_library libportaudio.so.2 || missing="$missing libportaudio2"
    "$python" -c 'import venv, ensurepip' 2>/dev/null || missing="$missing python3-venv"
    if [ "$purpose" = test ]; then
        command -v jackd >/dev/null 2>&1 || missing="$missing jackd2"
        command -v oscsend >/dev/null 2>&1 || missing="$missing liblo-tools"
        command -v pd >/dev/null 2>&1 || missing="$missing puredata-core"
        command -v chromedriver >/dev/null 2>&1 || missing="$missing chromium chromium-driver"
    fi
    [ -n "$missing" ] || return 0
    install="apt-get install -y --no-install-recommends$missing"
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        say "installing$missing"
        echo 'jackd2 jackd2/tweak_rt_limits boolean false' | debconf-set-selections 2>/dev/null || true
        apt-get update -qq || true
        # shellcheck disable=SC2086
        DEBIAN_FRONTEND=noninteractive $install >/dev/null || fail "could not install$missing"
    else
        say "these are missing; type:  sudo $install"
        case "$missing" in *python3-venv*) exit 2 ;; esac
    fi
}

# Clients and checkers from npm that tests use; without node those tests say so and are skipped.
node_packages="oscquery@1.1.1 ws@8.23.0 node-osc@11.7.1 axe-core@4.14.1"
node_parts() {
    [ "$purpose" = test ] && command -v npm >/dev/null 2>&1 || return 0
    [ "$(cat .venv/node-parts 2>/dev/null)" != "$node_packages" ] || return 0
    say "installing $node_packages"
    # shellcheck disable=SC2086
    if npm install --prefix .venv --no-audit --no-fund --no-save --silent $node_packages >/dev/null; then
        echo "$node_packages" >.venv/node-parts
    else
        say "npm could not install them; the tests that use them are skipped"
    fi
}

python=$(find_python)
system_packages
[ -x .venv/bin/python ] || "$python" -m venv --upgrade-deps .venv  # an old pip searches for minutes where nothing fits
stamp=.venv/ready-$purpose
if [ ! -e "$stamp" ] || [ pyproject.toml -nt "$stamp" ] || [ constraints.txt -nt "$stamp" ]; then
    say "installing the package and its libraries into .venv"
    pip=".venv/bin/python -m pip install --quiet --disable-pip-version-check -c constraints.txt"
    # torch by itself first: the range in pyproject.toml would let a newer, larger build in.
    $pip "$(grep '^torch==' constraints.txt)"
    extras=
    case "$purpose" in
        test) extras='[test,docs]' ;;
        docs) extras='[docs]' ;;
    esac
    $pip -e ".$extras"
    touch "$stamp"
fi
node_parts
