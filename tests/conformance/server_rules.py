"""What an API server refuses of a Secret, written down once more and apart from the tool: the judge of its refusals.

A refusal with no reason found here is a difference, so that refusing everything cannot pass.
"""
import base64
import json
import re

LABEL = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?\Z")
SUBDOMAIN = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\Z")
KEY = re.compile(r"[-._a-zA-Z0-9]+\Z")
MOST_DATA = 1 << 20
MOST_ANNOTATIONS = 256 << 10


def reasons(secret):
    """Why the server would refuse the Secret (kubectl's JSON, parsed): a list of short texts, empty when it would not."""
    metadata = secret["metadata"]
    data = {key: base64.b64decode(value) for key, value in (secret.get("data") or {}).items()}
    annotations = metadata.get("annotations") or {}
    found = []
    name = metadata.get("name", "")
    if len(name) > 253 or not SUBDOMAIN.match(name):
        found.append("name")
    namespace = metadata.get("namespace", "")
    if namespace and (len(namespace) > 63 or not LABEL.match(namespace)):
        found.append("namespace")
    if any(len(key) > 253 or not KEY.match(key) or key == "." or key.startswith("..") for key in data):
        found.append("key")
    if sum(map(len, data.values())) > MOST_DATA:
        found.append("data over 1 MiB")
    if sum(len(key.encode()) + len(value.encode()) for key, value in annotations.items()) > MOST_ANNOTATIONS:
        found.append("annotations over 256 KiB")
    if breaks_type(secret.get("type", ""), data, annotations):
        found.append("type's rule")
    return found


def breaks_type(kind, data, annotations):
    if kind == "kubernetes.io/service-account-token":
        return not annotations.get("kubernetes.io/service-account.name")
    if kind == "kubernetes.io/dockercfg":
        return not is_json_object(data.get(".dockercfg"))
    if kind == "kubernetes.io/dockerconfigjson":
        return not is_json_object(data.get(".dockerconfigjson"))
    if kind == "kubernetes.io/basic-auth":
        return "username" not in data and "password" not in data
    if kind == "kubernetes.io/ssh-auth":
        return not data.get("ssh-privatekey")
    if kind == "kubernetes.io/tls":
        return "tls.crt" not in data or "tls.key" not in data
    return False


def is_json_object(raw):
    """Whether Go would read the bytes as a JSON object or null: broken UTF-8 in a text is no error there."""
    if raw is None:
        return False
    try:
        value = json.loads(raw.decode("utf-8", "replace"), parse_constant=_no_constant, parse_float=_finite)
    except (ValueError, RecursionError):
        return False
    return value is None or isinstance(value, dict)


def _no_constant(word):
    raise ValueError(f"{word} is no JSON")


def _finite(digits):
    number = float(digits)
    if number in (float("inf"), float("-inf")):
        raise ValueError("number out of range")
    return number
