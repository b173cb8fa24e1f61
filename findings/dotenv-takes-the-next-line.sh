#!/bin/sh
# An empty YAML-style value makes the npm package dotenv lose the assignment on the next line.
#
# Seen with dotenv 17.4.2 and python-dotenv 1.2.4.
#
# - dotenv reads `KEY: value` like `KEY=value`. Where the value is empty, `KEY:`, it takes the whole
#   next line as the value, and that line's own key is not set. No error, no warning.
# - `KEY=` before the same line is an empty value, and the next line is read.
# - python-dotenv, whose files are shared with it, sets the key of the next line.
#
# Exits 0 if that is still so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --ignore-scripts --no-audit --no-fund --prefix . dotenv@17.4.2 >/dev/null
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check python-dotenv==1.2.4
failed=0

# check WHAT WANTED SEEN
check() {
    if [ "$2" = "$3" ]; then
        echo "as before: $1"
    else
        printf 'changed: %s\nwanted:\n%s\nseen:\n%s\n' "$1" "$2" "$3"
        failed=1
    fi
}

npm_reads() {
    node -e 'console.log(JSON.stringify(require("dotenv").parse(require("fs").readFileSync(".env"))))'
}

printf 'PROXY:\nPASSWORD=s3cret\n' >.env
check 'dotenv takes the next line as the value' '{"PROXY":"PASSWORD=s3cret"}' "$(npm_reads)"
check 'python-dotenv sets the key of the next line' 's3cret' \
    "$(venv/bin/python -c 'import dotenv; print(dotenv.dotenv_values(".env")["PASSWORD"])')"

printf 'PROXY=\nPASSWORD=s3cret\n' >.env
check 'after KEY= dotenv reads the next line' '{"PROXY":"","PASSWORD":"s3cret"}' "$(npm_reads)"
exit "$failed"
