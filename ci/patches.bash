# What the scripts have in common that build JavaScriptCore with changes. Sourced after lib.bash, with $folder set: the folder in
# which everything is kept. It defines $repository, a git repository in it.
# shellcheck shell=bash

repository="$folder/webkit"

# pinned_tarball FILE: ends unless FILE is the source of a pinned release.
pinned_tarball() {
    local digest
    digest="$(sha256sum "$1" | cut -d' ' -f1)"
    if ! grep -q "$digest" jsc-sys/engines.toml; then
        echo "$1 is not the source of a pinned release: jsc-sys/engines.toml has no SHA-256 $digest" >&2
        exit 4
    fi
}

# git in the repository; dates are fixed, so that the same changes give the same commits everywhere.
git_here() {
    GIT_AUTHOR_DATE="2000-01-01T00:00:00Z" GIT_COMMITTER_DATE="2000-01-01T00:00:00Z" git -C "$repository" \
        -c user.name=gate -c user.email=gate@localhost -c commit.gpgsign=false "$@"
}

# make_repository TARBALL: makes the repository of it, with one commit on the branch `base`, unless it is there.
make_repository() {
    if [[ -d $repository/.git ]]; then
        return
    fi
    local whole="$repository"
    rm -rf "$whole.new"
    mkdir -p "$whole.new"
    # Left out: what no engine is made of.
    tar -xJf "$1" -C "$whole.new" --strip-components=1 \
        --exclude='*/Source/WebCore' --exclude='*/Source/WebKit' --exclude='*/Source/WebInspectorUI'
    repository="$whole.new"
    git_here init --quiet --initial-branch=base
    git_here add --all
    git_here commit --quiet --message="$(basename "$1")"
    repository="$whole"
    # Renamed last: what was interrupted is begun again.
    mv "$whole.new" "$whole"
}

# Some nanoseconds of doing nothing, as one line.
spin() {
    echo "    for (volatile unsigned spin = 0; spin < $1; spin = spin + 1) { }"
}

# insert FILE WHERE LINES TEXT: puts TEXT that many lines after the first line that has WHERE in it. FILE is below Source.
insert() {
    local file="$repository/Source/$1"
    awk -v where="$2" -v lines="$3" -v text="$4" '
        { print }
        index($0, where) && !at { at = NR + lines }
        NR == at { print text }
    ' "$file" >"$folder/edited"
    cat "$folder/edited" >"$file"
    rm "$folder/edited"
}

# commit NAME: commits what was edited. Every edit has to change something: a place that is not found is an error.
commit() {
    if git_here diff --quiet; then
        echo "the change $1 found nothing to change: this release differs from the one that it was written for" >&2
        exit 4
    fi
    git_here commit --quiet --all --message="$1"
}
