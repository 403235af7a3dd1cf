#!/bin/sh
# The README's two commands on a bare Debian, in a folder of its own: nothing is there but what debootstrap puts there.
#   sudo tests/fresh_machine.sh [bookworm | trixie] [root | user] [play] [test]
# Needs debootstrap, a network, 10 GB in $TMPDIR (/var/tmp) and some ten minutes; FOLDER=... keeps the root to use again.
set -eu
cd "$(dirname "$0")/.."
suite=${1:-bookworm}
person=${2:-root}
shift 2 2>/dev/null || shift $#
[ $# -gt 0 ] || set -- play test
mirror=${MIRROR:-http://deb.debian.org/debian}
root=${FOLDER:-$(mktemp -d "${TMPDIR:-/var/tmp}/riffsynth-fresh.XXXXXX")}
home=/home/player/riffsynth

leave() {
    for place in dev proc; do umount -l "$root/$place" 2>/dev/null || true; done
    [ -n "${FOLDER:-}" ] || rm -rf "$root"
}
trap leave EXIT
trap 'exit 130' INT TERM

mkdir -p "$root" && chmod 755 "$root"  # what mktemp makes is for root alone
[ -x "$root/bin/sh" ] || debootstrap --variant=minbase --include=ca-certificates "$suite" "$root" "$mirror" >/dev/null
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
mount --make-rslave "$root/dev"
# The network as this machine has it.
for file in /etc/resolv.conf /etc/hosts /etc/ssl/certs/ca-certificates.crt; do cp -L "$file" "$root$file"; done
inside() { chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 \
    PIP_CERT=/etc/ssl/certs/ca-certificates.crt "$@"; }

say() { printf '\n== %s %s: %s\n' "$suite" "$person" "$*"; }
# What the README says to type first; a plain user's administrator types the rest of it.
packages="make python3"
[ "$person" = root ] || packages="$packages python3-venv libportaudio2"
case "$person-$*" in user-*test*)
    packages="$packages jackd2 liblo-tools puredata-core chromium chromium-driver" ;;
esac
say "apt-get install $packages"
inside apt-get update -qq
inside sh -c 'echo "jackd2 jackd2/tweak_rt_limits boolean false" >/tmp/answer && apt-get install -y --no-install-recommends \
    debconf >/dev/null && debconf-set-selections /tmp/answer'
inside env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $packages >/dev/null
inside id player >/dev/null 2>&1 || inside useradd --create-home player
rm -rf "${root:?}$home"
mkdir -p "$root$home"
git archive HEAD | tar -x -C "$root$home"
inside chown -R "$([ "$person" = root ] && echo root || echo player)" "$home"
as_person() {
    if [ "$person" = root ]; then inside sh -c "cd $home && $*"; else inside su player -c "cd $home && $*"; fi
}
as_person "python3 --version"
for command in "$@"; do
    say "make $command"
    began=$(date +%s)
    case "$command" in
        play) as_person 'make play ARGS="--audio null --duration 10 --record take.wav"'
              as_person 'ls -l take.wav && .venv/bin/riffsynth doctor || true' ;;
        test) as_person "make test" ;;
    esac
    say "make $command: $(($(date +%s) - began)) s"
done
du -sh "$root$home/.venv" | cut -f1
