# shellcheck shell=bash
# Shared by scripts/run and scripts/test: installs what is missing and builds. Sourced, not run.

set -euo pipefail
unset CDPATH # cd would look there first, and print where it went
cd -P "$(dirname "${BASH_SOURCE[0]}")/.."

say() { printf '\n==> %s\n' "$*"; }
die() {
    printf '\nberth: %s\n' "$*" >&2
    exit 1
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# Asks for the password here, where it is seen. What follows is what root is to run where nobody can become root.
become_root() {
    [ "$(id -u)" != 0 ] || return 0
    command -v sudo >/dev/null || die "installing packages needs root or sudo. As root, run: $*"
    sudo true || die "nobody has become root. As root, run: $*"
}

# Runs a command whose many lines matter only when it fails. The first word says what could not be done.
quietly() {
    local what=$1 log status=0
    shift
    log=$(mktemp)
    "$@" >"$log" 2>&1 </dev/null || status=$?
    [ $status = 0 ] || cat "$log"
    rm -f "$log"
    [ $status = 0 ] || die "$what; the words of \`$*\` are above"
}

apt_install() {
    local missing=()
    local package
    for package in "$@"; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    say "installing ${missing[*]}"
    become_root "apt-get update && apt-get install --no-install-recommends ${missing[*]}"
    quietly "the list of packages could not be brought up to date" as_root apt-get -q -o DPkg::Lock::Timeout=300 update
    quietly "the packages could not be installed" as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get -q -y -o DPkg::Lock::Timeout=300 install --no-install-recommends "${missing[@]}"
}

# Debian 12 has Boost 1.81 beside its default; newer systems have a newer default.
boost_packages() {
    if apt-cache show libboost1.81-dev >/dev/null 2>&1; then
        echo libboost1.81-dev libboost-test1.81-dev
    else
        echo libboost-dev libboost-test-dev
    fi
}

install_system_packages() {
    if command -v apt-get >/dev/null; then
        [ -n "$(find /var/lib/apt/lists -name '*Packages*' -print -quit 2>/dev/null)" ] || {
            become_root apt-get update
            quietly "the list of packages could not be fetched" as_root apt-get -q update
        }
        # shellcheck disable=SC2046
        apt_install g++ cmake ninja-build ccache mold git ca-certificates $(boost_packages) \
            libsimdjson-dev nlohmann-json3-dev libspdlog-dev libcli11-dev libutf8proc-dev libre2-dev "$@"
        command -v node >/dev/null || apt_install nodejs
        command -v npm >/dev/null || apt_install npm
    elif [ "$(uname)" = Darwin ]; then
        command -v brew >/dev/null || die "on macOS the packages come from Homebrew, which is not installed (see brew.sh)"
        local package
        for package in cmake ninja ccache boost simdjson nlohmann-json spdlog cli11 utf8proc re2 node; do
            brew list "$package" >/dev/null 2>&1 || brew install "$package"
        done
    else
        die "this system has neither apt-get nor Homebrew. Install by hand: a C++20 compiler, cmake 3.25, ninja," \
            "Boost 1.81, simdjson 3, nlohmann-json 3.11, spdlog, CLI11, utf8proc, RE2, Node.js 20.9 and npm; then build with" \
            "cmake --preset release && cmake --build --preset release"
    fi
    check_versions
}

at_least() { # version, least
    [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]
}

# Older systems have all the packages, and a compiler would say in a thousand lines that they are too old.
check_versions() {
    local old=() version
    version=$(cmake --version | sed -n 's/^cmake version //p')
    at_least "$version" 3.25 || old+=("CMake $version (3.25 is needed)")
    version=$(c++ -dumpfullversion -dumpversion 2>/dev/null || echo 0)
    # clang calls itself 4.2.1 here, and is judged by CMake.
    if c++ --version | grep -q 'Free Software Foundation'; then
        at_least "$version" 12 || old+=("g++ $version (12 is needed)")
    fi
    version=$(echo BOOST_LIB_VERSION | c++ -x c++ -include boost/version.hpp -E -P - 2>/dev/null | tail -n 1 | tr -d '"' | tr _ .) || true
    # One that the compiler does not find by itself is for CMake to find, and to judge.
    [[ ! $version =~ ^[0-9.]+$ ]] || [ -n "${BOOST_ROOT:-}${CMAKE_PREFIX_PATH:-}" ] || at_least "$version" 1.81 ||
        old+=("Boost $version (1.81 is needed)")
    [ ${#old[@]} = 0 ] || die "too old on this system: $(join ', ' "${old[@]}"). Debian 12, Ubuntu 24.04 and later have what is needed." \
        "Here, install newer ones by hand: CMake (cmake.org) and a compiler first in PATH, Boost (boost.org) where BOOST_ROOT says," \
        "and run this again"
}

join() { # separator, words
    local separator=$1 text=$2
    shift 2
    [ $# = 0 ] || printf -v text '%s' "$text" "${@/#/$separator}"
    printf '%s' "$text"
}

has_fuzzer() {
    echo 'extern "C" int LLVMFuzzerTestOneInput(const unsigned char *, unsigned long) { return 0; }' |
        clang++ -x c++ -fsanitize=fuzzer,address - -o /dev/null >/dev/null 2>&1
}

# clang with libFuzzer, for the preset fuzz.
install_fuzzer() {
    has_fuzzer && return
    ! command -v apt-get >/dev/null || apt_install clang libclang-rt-dev
    has_fuzzer || die "fuzzing needs a clang++ with libFuzzer, which is not here"
}

# promtool, the judge of /metrics, taken out of Debian's package: installed, that would start a server.
ensure_promtool() {
    local tools="$PWD/build/tools/prometheus"
    if ! command -v promtool >/dev/null && command -v apt-get >/dev/null; then
        if [ ! -x "$tools/usr/bin/promtool" ]; then
            say "fetching promtool"
            mkdir -p "$tools"
            (cd "$tools" && quietly "the package prometheus could not be fetched" apt-get -q download prometheus)
            quietly "the package prometheus could not be unpacked" dpkg-deb -x "$tools"/prometheus_*.deb "$tools"
            rm "$tools"/prometheus_*.deb
        fi
        PATH="$tools/usr/bin:$PATH"
        export PATH
    fi
}

# Next needs Node.js 20.9, which not every distribution has: the npm registry has it as a package.
ensure_node() {
    if node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 9) ? 0 : 1)'; then
        return
    fi
    local tools="$PWD/build/tools"
    if [ ! -x "$tools/bin/node" ]; then
        say "Node.js $(node --version) is too old for Next; installing Node.js 22 under build/tools"
        mkdir -p "$tools"
        npm install --prefix "$tools" --no-save --no-audit --no-fund node@22 npm@11
        # A folder of its own: node_modules/.bin is what npm puts into PATH, and Berth takes out of the apps'.
        mkdir -p "$tools/bin"
        local each
        for each in node npm npx; do ln -sf "../node_modules/.bin/$each" "$tools/bin/$each"; done
    fi
    PATH="$tools/bin:$PATH"
    export PATH
    hash -r
}

# npm ci where the lock file is not what was installed last.
npm_packages() {
    local folder stamp
    for folder in "$@"; do
        stamp="$folder/node_modules/.installed-lock.json"
        cmp -s "$folder/package-lock.json" "$stamp" && continue
        say "installing the npm packages of $folder"
        (cd "$folder" && npm ci --no-audit --no-fund)
        cp "$folder/package-lock.json" "$stamp"
    done
}

build_program() { # preset [target]
    local cache="build/$1/CMakeCache.txt"
    if [ -f "$cache" ] && ! grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$PWD" "$cache"; then
        say "build/$1 was configured where this checkout lay before, and is configured anew"
        rm -rf "$cache" "build/$1/CMakeFiles"
    fi
    say "building berth ($1)"
    quietly "CMake could not configure the build" cmake --preset "$1"
    cmake --build --preset "$1" ${2:+--target "$2"}
}

build_dashboard() {
    if [ -f frontend/dist/index.html ] &&
        [ -z "$(find frontend -path frontend/node_modules -prune -o -path 'frontend/dist*' -prune -o \
            -type f -newer frontend/dist/index.html -print -quit)" ]; then
        return
    fi
    say "building the dashboard"
    (cd frontend && npm run build)
}
