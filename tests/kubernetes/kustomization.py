# SPDX-License-Identifier: GPL-3.0-only
# What `kubectl kustomize FOLDER` prints, for the part of kustomize that resources/kubernetes uses.
#
# Whatever it does not know is an error, so that a manifest cannot come to mean something else here
# than in a cluster; tests/kubernetes/manifests compares with kubectl where there is one.

import copy
import hashlib
import pathlib

import yaml

KNOWN = {"apiVersion", "kind", "labels", "resources", "components", "configMapGenerator", "replicas",
         "images", "patches"}
MERGE_KEYS = {"containers": "name", "initContainers": "name", "volumes": "name", "env": "name",
              "volumeMounts": "mountPath", "ports": "containerPort",
              "topologySpreadConstraints": "topologyKey"}


def load(path):
    return [document for document in yaml.safe_load_all(pathlib.Path(path).read_text()) if document]


def merge(target, patch, key=None):
    """A strategic merge."""
    if isinstance(target, dict) and isinstance(patch, dict):
        for name, value in patch.items():
            target[name] = merge(target[name], value, name) if name in target else copy.deepcopy(value)
        return target
    merge_key = MERGE_KEYS.get(key)
    if isinstance(target, list) and isinstance(patch, list) and merge_key:
        for item in patch:
            same = [other for other in target if other.get(merge_key) == item[merge_key]]
            if same:
                merge(same[0], item)
            else:
                target.append(copy.deepcopy(item))
        return target
    return copy.deepcopy(patch)


def apply_json_patch(document, operations):
    """RFC 6902, as far as it goes without moving things."""
    for operation in operations:
        *parents, last = [part.replace("~1", "/").replace("~0", "~") for part in operation["path"].split("/")[1:]]
        place = document
        for part in parents:
            place = place[int(part)] if isinstance(place, list) else place[part]
        index = int(last) if isinstance(place, list) and last != "-" else last
        kind = operation["op"]
        if kind == "test":
            assert place[index] == operation["value"], f"{operation['path']} is {place[index]!r}"
        elif kind == "remove":
            del place[index]
        elif kind == "replace":
            place[index]  # must be there
            place[index] = copy.deepcopy(operation["value"])
        elif kind == "add" and isinstance(place, list):
            place.insert(len(place) if last == "-" else index, copy.deepcopy(operation["value"]))
        elif kind == "add":
            place[index] = copy.deepcopy(operation["value"])
        else:
            raise ValueError(f"{kind} is not known here")


def name_of(document):
    return document["kind"], document["metadata"]["name"]


def find(documents, kind, name):
    found = [document for document in documents if name_of(document) == (kind, name)]
    assert len(found) == 1, f"{len(found)} of {kind} {name}"
    return found[0]


def pods_of(documents):
    return [document["spec"]["template"] for document in documents if "template" in document.get("spec", {})]


def generate_config_map(folder, generator, documents):
    data = {pathlib.Path(name).name: (folder / name).read_text() for name in generator["files"]}
    digest = hashlib.sha256(repr(sorted(data.items())).encode()).hexdigest()[:10]
    name = f"{generator['name']}-{digest}"
    for pod in pods_of(documents):
        for volume in pod["spec"].get("volumes", []):
            if volume.get("configMap", {}).get("name") == generator["name"]:
                volume["configMap"]["name"] = name
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": data}


def build(folder, documents=None):
    """The objects; a component is given those that it is added to."""
    folder = pathlib.Path(folder)
    (recipe,) = load(folder / "kustomization.yaml")
    assert set(recipe) <= KNOWN, f"{folder}: {sorted(set(recipe) - KNOWN)} is not known here"
    documents = documents if documents is not None else []
    for resource in recipe.get("resources", []):
        path = folder / resource
        documents += build(path) if path.is_dir() else load(path)
    for component in recipe.get("components", []):
        build(folder / component, documents)
    for generator in recipe.get("configMapGenerator", []):
        documents.append(generate_config_map(folder, generator, documents))
    for patch in recipe.get("patches", []):
        (content,) = load(folder / patch["path"])
        if isinstance(content, list):
            apply_json_patch(find(documents, patch["target"]["kind"], patch["target"]["name"]), content)
        else:
            merge(find(documents, *name_of(content)), content)
    for label in recipe.get("labels", []):
        for document in documents:
            document["metadata"].setdefault("labels", {}).update(label["pairs"])
    for wanted in recipe.get("replicas", []):
        find(documents, "Deployment", wanted["name"])["spec"]["replicas"] = wanted["count"]
    for image in recipe.get("images", []):
        for pod in pods_of(documents):
            for container in pod["spec"]["containers"]:
                if container["image"] == image["name"]:
                    container["image"] = f"{image.get('newName', image['name'])}:{image['newTag']}"
    return documents
