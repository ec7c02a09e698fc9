#!/usr/bin/env bash
# Tries the README's two Linux lines where nothing was prepared: a bare Debian 12 with python3, python3-venv and git,
# made by mmdebstrap in a folder of its own, and a clean clone of this repository in it.
#
#     bash packaging/try_bare.sh [start|test|both]        as root, on Debian; needs the network and about 2 GB
#
# BARE=/somewhere    where the tree is made (default: a new folder, removed at the end); the packed tree stays as
#                    $BARE.tar, so that a second run begins at once
# WORKING=1          try the working tree as it stands instead of the last commit
# The machine's own pip settings, proxies and certificates are carried into the tree: it asks the registry that the
# machine asks. Exit code: 0 only if every line tried came back with 0.
set -euo pipefail
cd "$(dirname "$0")/.."
what="${1:-both}"
case "$what" in start | test | both) ;; *) sed -n '2,12p' "$0"; exit 2 ;; esac
[ "$(id -u)" = 0 ] || { echo "root is needed (mmdebstrap, chroot)"; exit 2; }
command -v mmdebstrap >/dev/null || apt-get install -y -qq --no-install-recommends mmdebstrap
bare="${BARE:-$(mktemp -d)/bare}"

leave() {
    for mounted in dev/shm dev/pts dev sys proc; do
        if mountpoint -q "$bare/$mounted"; then umount -l "$bare/$mounted"; fi
    done
    [ -n "${BARE:-}" ] || rm -rf --one-file-system "$(dirname "$bare")"
}
trap leave EXIT

if [ ! -f "$bare.tar" ]; then
    mirror="$(sed -n 's/^URIs: *//p; s/^deb \(http[^ ]*debian\) .*/\1/p' /etc/apt/sources.list.d/debian.sources \
        /etc/apt/sources.list 2>/dev/null | head -1 || true)"  # one of the two may be missing
    mmdebstrap --variant=minbase --include=python3,python3-venv,git,ca-certificates bookworm "$bare.tar" ${mirror:+"$mirror"}
fi
rm -rf --one-file-system "$bare" && mkdir -p "$bare" && tar -xf "$bare.tar" -C "$bare"
mount -t proc proc "$bare/proc" && mount --bind /sys "$bare/sys" && mount --bind /dev "$bare/dev"
mount --bind /dev/pts "$bare/dev/pts" && mount --bind /dev/shm "$bare/dev/shm"
cp /etc/resolv.conf /etc/hosts "$bare/etc/"

# What this machine knows about its network; none of it belongs to the program.
cp -r /etc/ssl/certs/. "$bare/etc/ssl/certs/"
[ ! -d /usr/local/share/ca-certificates ] || cp -r /usr/local/share/ca-certificates/. "$bare/usr/local/share/ca-certificates/"
settings=(HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin TERM=dumb)
while IFS= read -r line; do
    settings+=("$line")
done < <(env | grep -iE '^(PIP_(CERT|INDEX_URL|TRUSTED_HOST|PROXY|DEFAULT_TIMEOUT|RETRIES)|(https?|all|no)_proxy|SSL_CERT_FILE)=' || true)
index="$(python3 -m pip config get global.index-url 2>/dev/null || true)"
[ -z "$index" ] || settings+=("PIP_INDEX_URL=$index")
find /etc/apt/apt.conf.d -maxdepth 1 -iname '*proxy*' -exec cp {} "$bare/etc/apt/apt.conf.d/" \;

if [ -n "${WORKING:-}" ]; then
    mkdir -p "$bare/srv/lianxin"
    tar --exclude=./.venv --exclude=./out --exclude=./.git --exclude='.*_cache' -cf - . | tar -xf - -C "$bare/srv/lianxin"
else
    git clone -q --bare . "$bare/srv/lianxin.git"
    chroot "$bare" env -i "${settings[@]}" git clone -q /srv/lianxin.git /srv/lianxin
fi
echo "== bare: $(grep -oP '(?<=PRETTY_NAME=").*(?=")' "$bare/etc/os-release"), $(chroot "$bare" python3 --version)," \
    "$(chroot "$bare" dpkg-query -f '.\n' -W | wc -l) packages"

failed=0
attempt() {
    local began=$SECONDS code=0
    echo "== python3 packaging/start.py${1:+ $1}"
    chroot "$bare" env -i "${settings[@]}" sh -c "cd /srv/lianxin && python3 packaging/start.py $1" </dev/null || code=$?
    echo "== exit code $code after $((SECONDS - began)) s"
    [ "$code" = 0 ] || failed=1
}
if [ "$what" != test ]; then attempt ""; attempt ""; fi
if [ "$what" != start ]; then attempt test; fi
exit "$failed"
