#!/usr/bin/env bash
# debian-13.sh TARGET PACKAGE FILE: puts one file of a package of Debian 13 to TARGET, from the mirror that this machine uses.
# Nothing is installed: apt has its own lists and state.
set -euo pipefail
target=$1 package=$2 file=$3
mirror=$(apt-get indextargets --format '$(LABEL) $(REPO_URI)' 'Created-By: Packages' | sed -n '/^Debian /{s///p;q;}')
[ -n "$mirror" ] || { echo "apt knows no mirror of Debian." >&2 && exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work"/{lists/partial,cache/archives/partial,apt.conf.d,preferences.d} "$(dirname "$target")"
touch "$work/status"
signed="signed-by=/usr/share/keyrings/debian-archive-keyring.gpg arch=$(dpkg --print-architecture)"
echo "deb [$signed] $mirror trixie main" >"$work/sources.list"
cat >"$work/apt.conf" <<EOF
Dir::Etc "$work"; Dir::Etc::SourceParts "-"; Dir::State "$work"; Dir::State::status "$work/status"; Dir::Cache "$work/cache";
Acquire::Languages "none"; APT::Sandbox::User "root";
EOF
export APT_CONFIG=$work/apt.conf
cd "$work"
apt-get -qq update
apt-get -qq download "$package"
dpkg-deb --fsys-tarfile "$package"_*.deb | tar -x "./$file"
mv -T "$file" "$target"
