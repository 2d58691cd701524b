"""Reads api/*.yaml, checks it, and merges it into one OpenAPI document."""
import json
import re

import yaml

# Status of each error code. src/api/errors.cc has the same, and a test compares them.
ERROR_STATUS = {"invalid_input": 400, "unauthenticated": 401, "forbidden": 403, "not_found": 404, "conflict": 409, "too_large": 413,
                "unsupported_media_type": 415, "limit": 422, "too_many": 429, "internal": 500, "engine": 502, "unavailable": 503,
                "timeout": 504, "no_space": 507}
STATUS_TEXT = {400: "The request means nothing valid", 401: "Nobody has signed in", 403: "Not allowed", 404: "Not there, or not to be seen",
               409: "It is in another state", 413: "The body is too large", 415: "The body is of another kind",
               422: "A limit was passed", 429: "Too often; Retry-After says when to try again", 500: "A fault of the server",
               502: "The telemetry engine failed", 503: "Busy or not ready; try again", 504: "It took too long", 507: "The disk is full"}
ACCESS_WORDS = ("public", "self")
METHODS = ("get", "put", "post", "delete", "patch")
SCHEMA_KEYS = {"type", "description", "properties", "required", "additionalProperties", "enum", "minimum", "maximum", "minLength",
               "maxLength", "minItems", "maxItems", "pattern", "items", "default", "format", "$ref"}
DEFAULT_BODY_LIMIT = 1048576
DEFAULT_SECONDS = 60


class SpecError(Exception):
    pass


def load(path):
    with open(path, encoding="utf-8") as file:
        return yaml.safe_load(file)


def merge_parts(folder):
    """The mappings of all files of a folder in one, by file name."""
    merged = {}
    for path in sorted(folder.glob("*.yaml")):
        for name, part in load(path).items():
            if name in merged:
                raise SpecError(f"{path.name}: {name} stands in another file already")
            merged[name] = part
    return merged


def resolve(document, node):
    while isinstance(node, dict) and "$ref" in node:
        target = document
        for step in node["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        node = target
    return node


def check_schema(document, where, schema, is_bounded=True):
    """Every text, number and list says how large it may be; every object which members it has."""
    unknown = set(schema) - SCHEMA_KEYS
    if unknown:
        raise SpecError(f"{where}: the validator does not know {sorted(unknown)}")
    if "$ref" in schema:
        name = schema["$ref"].removeprefix("#/components/schemas/")
        if name not in document["components"]["schemas"]:
            raise SpecError(f"{where}: there is no schema {name}")
        return
    kinds = schema.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    for kind in kinds if is_bounded else []:
        needed = {"string": ("maxLength", "enum"), "integer": ("maximum",), "array": ("maxItems",)}.get(kind, ())
        if needed and not any(key in schema for key in needed):
            raise SpecError(f"{where}: a {kind} needs {' or '.join(needed)}")
        if kind == "integer" and "minimum" not in schema:
            raise SpecError(f"{where}: an integer needs minimum")
    if "properties" in schema:
        if schema.get("additionalProperties") is not False:
            raise SpecError(f"{where}: an object needs additionalProperties: false")
        missing = set(schema.get("required", [])) - set(schema["properties"])
        if missing:
            raise SpecError(f"{where}: required, and not there: {sorted(missing)}")
        for name, part in schema["properties"].items():
            check_schema(document, f"{where}.{name}", part)
    if "items" in schema:
        check_schema(document, f"{where}[]", schema["items"])


def error_statuses(path, method, operation):
    """The failures that can happen to an operation."""
    statuses = {400, 500, 503, 504}
    if operation["parameters"] or "requestBody" in operation:
        statuses.add(422)
    if operation["x-permission"] != "public":
        statuses |= {401, 403, 502}
    if "{" in path:
        statuses.add(404)
    if "requestBody" in operation:
        statuses |= {413, 415}
    if method != "get":
        statuses.add(507)
    for code in operation.pop("x-errors", []):
        statuses.add(ERROR_STATUS[code])
    return statuses


def complete_operation(document, permissions, path, method, item, operation, examples):
    name = operation.get("operationId", f"{method} {path}")
    for key in ("operationId", "summary", "x-permission", "responses", "tags"):
        if not operation.get(key):
            raise SpecError(f"{name}: needs {key}")
    if operation["x-permission"] not in permissions and operation["x-permission"] not in ACCESS_WORDS:
        raise SpecError(f"{name}: there is no permission {operation['x-permission']}")
    operation["parameters"] = [resolve(document, p) for p in item.get("parameters", []) + operation.get("parameters", [])]
    in_path = {p["name"] for p in operation["parameters"] if p["in"] == "path"}
    if in_path != set(re.findall(r"\{(\w+)\}", path)):
        raise SpecError(f"{name}: the parameters of the path do not fit {path}")
    for parameter in operation["parameters"]:
        check_schema(document, f"{name}({parameter['name']})", parameter["schema"])
    contents = [("body", operation["requestBody"]["content"])] if "requestBody" in operation else []
    contents += [(status, response.get("content", {})) for status, response in operation["responses"].items()]
    for place, content in contents:
        for media, body in content.items():
            check_schema(document, f"{name} {place}", body["schema"], is_bounded=media == "application/json")
            example = examples.get(f"{name}.{place}")
            if media == "application/json" and example is not None:
                body["example"] = example
    for status in sorted(error_statuses(path, method, operation)):
        operation["responses"].setdefault(str(status), {"$ref": f"#/components/responses/Error{status}"})
    access = operation["x-permission"]
    operation["security"] = [] if access == "public" else [{"session": []}, {"token": []}]


def bundle(root):
    """The whole document. SpecError where it breaks a rule."""
    document = load(root / "api/openapi.yaml")
    document["components"]["schemas"] = merge_parts(root / "api/schemas")
    document["components"]["responses"] = {
        f"Error{status}": {"description": text, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}}
        for status, text in STATUS_TEXT.items()}
    document["paths"] = merge_parts(root / "api/paths")
    permissions = {entry["name"] for entry in load(root / "schema/enums/permissions.yaml")["permissions"]}
    examples = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in (root / "api/examples").glob("*.json")}
    for name, schema in document["components"]["schemas"].items():
        check_schema(document, name, schema)
    names = set()
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                complete_operation(document, permissions, path, method, item, item[method], examples)
                names.add(item[method]["operationId"])
        item.pop("parameters", None)
    unused = {name.rsplit(".", 1)[0] for name in examples} - names
    if unused:
        raise SpecError(f"api/examples: there is no operation {sorted(unused)}")
    return document


def operations(document):
    """(method, path, operation) of all, by operationId."""
    found = [(method, path, item[method]) for path, item in document["paths"].items() for method in METHODS if method in item]
    ids = [operation["operationId"] for _, _, operation in found]
    if len(set(ids)) != len(ids):
        raise SpecError("an operationId is there twice")
    return sorted(found, key=lambda entry: entry[2]["operationId"])
