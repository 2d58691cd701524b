"""The contract for people: docs/api.md."""
import json

import api_spec

START = """# API

Generated from `api/`. The same document for programs: `GET /api/openapi.json`. Names and shapes are a contract: they change only
with a major version, apart from additions.

**Signing in.** A browser sends the session's cookie, and with whatever changes something the header `X-Spoor-CSRF` (`csrf_token` of
`GET /api/session`). A program sends `Authorization: Bearer TOKEN`. Who may read the data folder needs neither over the server's
Unix socket. **Permissions**: see [permissions.md](permissions.md); *public* needs none, *self* asks only to be signed in. What a
caller may not see is answered like what is not there.

**Errors** have one shape: `{"error":{"code","message","hint","request_id","where"?:{"line","column","field"}}}`. Programs branch on
`code`. Beside the errors named at an operation each may answer 401, 403, 500, 502, 503, 504; 400, 413, 415 and 422 for what it is
sent; 404 for an id in its path; and 507 where it writes.

**Lists** are `{"items":[…],"next":cursor|null}`; pass `next` as `cursor` with otherwise the same parameters.

**Values.** Times are UTC with seven digits and Z. Ids of events and keys of processes are texts. Field names in PascalCase are those
of the [hunting schema](schema/README.md).
"""


def cell(text):
    return str(text).replace("|", "\\|").replace("\n", " ")


def type_words(schema):
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[1]
        return f"[{name}](#{name.lower()})"
    if "enum" in schema:
        return " ".join(f"`{value}`" for value in schema["enum"])
    kinds = schema.get("type")
    if kinds is None:
        return "any"
    kinds = [kinds] if isinstance(kinds, str) else kinds
    words = []
    for kind in kinds:
        words.append(f"list of {type_words(schema['items'])}" if kind == "array" else kind)
    text = " or ".join(words)
    if "maximum" in schema and schema["maximum"] < 1 << 62:
        text += f" {schema.get('minimum', '')}…{schema['maximum']}"
    if "maxLength" in schema:
        text += f", ≤ {schema['maxLength']}"
    return text


def member_rows(schema, prefix=""):
    rows = []
    for name, part in schema["properties"].items():
        note = part.get("description", "")
        optional = "" if name in schema.get("required", []) else "optional"
        rows.append(f"| `{prefix}{name}` | {cell(type_words(part))} | {optional} | {cell(note)} |\n")
        inner = part.get("items", part) if part.get("type") == "array" else part
        if "properties" in inner:
            rows += member_rows(inner, f"{prefix}{name}{'[]' if part.get('type') == 'array' else ''}.")
    return rows


def operation_text(document, method, path, operation):
    out = [f"\n### {operation['operationId']}\n\n`{method.upper()} {path}` · {operation['summary']} · permission: `{operation['x-permission']}`\n"]
    if operation.get("description"):
        out.append(f"\n{operation['description']}\n")
    if operation["parameters"]:
        out.append("\n| parameter | type | default | meaning |\n|--|--|--|--|\n")
        for p in operation["parameters"]:
            schema = api_spec.resolve(document, p["schema"])
            default = "required" if p.get("required") else json.dumps(schema["default"]) if "default" in schema else ""
            out.append(f"| `{p['name']}` ({p['in']}) | {cell(type_words(p['schema']))} | {default} | {cell(p.get('description', ''))} |\n")
    for media, content in operation.get("requestBody", {}).get("content", {}).items():
        out.append(f"\nBody: `{media}` {type_words(content['schema'])}\n")
        if "example" in content:
            out.append(f"\n```json\n{json.dumps(content['example'])}\n```\n")
    standard = {"401", "403", "500", "502", "503", "504", "400", "413", "415", "422", "507", "404"}
    for status, response in operation["responses"].items():
        response = api_spec.resolve(document, response)
        if status in standard and not (status == "503" and path == "/readyz"):
            continue
        kinds = ", ".join(f"`{media}` {type_words(content['schema'])}" if media == "application/json" else f"`{media}`"
                          for media, content in response.get("content", {}).items())
        out.append(f"\n{status}: {response['description']}{': ' + kinds if kinds else ''}\n")
    return "".join(out)


def source(document, found):
    out = [START]
    for tag in document["tags"]:
        mine = [entry for entry in found if tag["name"] in entry[2]["tags"]]
        mine.sort(key=lambda entry: (entry[1], entry[0]))
        out.append(f"\n## {tag['name'].capitalize()}\n\n{tag['description']}.\n")
        out += [operation_text(document, *entry) for entry in mine]
    out.append("\n## Schemas\n")
    for name, schema in document["components"]["schemas"].items():
        out.append(f"\n### {name}\n")
        if schema.get("description"):
            out.append(f"\n{schema['description']}.\n" if not schema["description"].endswith(".") else f"\n{schema['description']}\n")
        if "properties" in schema:
            out.append("\n| member | type | | meaning |\n|--|--|--|--|\n" + "".join(member_rows(schema)))
        else:
            out.append(f"\n{type_words(schema)}\n")
    return "".join(out)
