"""Compiles schema/mappings/ to the constant plan that src/normalize interprets (src/normalize/gen/mappings.cc)."""
import re
import sys

import yaml

TRANSFORMS = {
    "text": "kText", "int": "kInt", "positive": "kPositive", "bool": "kBool", "time": "kTime", "file_name": "kFileName",
    "image_name": "kImageName", "image_path": "kImagePath", "unquoted": "kUnquoted", "hex": "kHex", "status": "kStatus", "md5": "kMd5", "sha1": "kSha1", "sha256": "kSha256", "imphash": "kImphash",
    "account_name": "kAccountName", "account_domain": "kAccountDomain", "sid": "kSid", "guid": "kGuid",
    "address": "kAddress", "host": "kHost", "address_class": "kAddressClass", "registry_key": "kRegistryKey",
    "registry_parent": "kRegistryParent", "registry_name": "kRegistryName", "registry_type": "kRegistryType", "registry_data": "kRegistryData"}
GIVES_NUMBER = {"int", "positive", "bool", "time"}
COLUMN_DEFAULT = {"int": "int", "long": "int", "bool": "bool", "datetime": "time"}
NUMERIC = {"int": {"int", "positive"}, "long": {"int", "positive"}, "bool": {"bool"}, "datetime": {"time"}}
GROUPS = {"process", "network", "file", "registry", "logon", "image", "other"}
ROLE_TYPES = {"guid": "text", "pid": "int", "image": "text", "command_line": "text", "account": "text", "account_domain": "text",
              "account_name": "text", "account_sid": "text", "sha1": "text", "sha256": "text", "md5": "text",
              "integrity_level": "text", "token_elevation": "text", "logon_id": "int", "start": "time"}
EFFECTS = {"created": "kCreated", "target": "kTargeted", "ended": "kEnded"}
TOP = {"match", "version", "table", "action_type", "rule_name", "acting", "columns", "timeline", "variants", "local_address",
       "logon", "machine_account", "windows", "coverage", *EFFECTS}
PIECE = re.compile(r"\{([^{}]*)\}|\[([^\[\]]*)\]|([^{}\[\]]+)")
HOLE = re.compile(r"(\w+(?:#\d)?)(?::(\w+))?(?:\|(\w+))?$")


class MappingError(Exception):
    pass


def text(value):
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


class Compiler:
    """Compiles one mapping file."""

    def __init__(self, entry, tables, lookups):
        unknown = set(entry) - TOP
        if unknown:
            raise MappingError(f"unknown keys {sorted(unknown)}")
        match = entry.get("match", {})
        if set(match) != {"channel", "provider", "event_id"} or not isinstance(entry.get("version"), int):
            raise MappingError("needs match {channel, provider, event_id} and a version")
        self.channel, self.provider, self.event_id = match["channel"], match["provider"], match["event_id"]
        self.version, self.tables, self.lookups = entry["version"], tables, lookups
        self.fields, self.expressions, self.plans = [], [], []
        variants = entry.get("variants", [{}])
        if any("when" not in variant for variant in variants[:-1]):
            raise MappingError("only the last variant may stand without `when`")
        for variant in variants:
            if set(variant) - TOP - {"when"}:
                raise MappingError(f"variant: unknown keys {sorted(set(variant) - TOP - {'when'})}")
            merged = {**entry, **variant}
            merged["columns"] = {**entry.get("columns", {}), **variant.get("columns", {})}
            self.plans.append(self.plan(merged))

    def field(self, name):
        if name not in self.fields:
            self.fields.append(name)
        if len(self.fields) > 64:
            raise MappingError("more than 64 fields")
        return self.fields.index(name)

    # Expressions are built as dicts with their children inside, then laid out flat with siblings side by side.
    def leaf(self, name, transform="text", lookup=None):
        if transform not in TRANSFORMS:
            raise MappingError(f"unknown transform {transform}")
        if lookup and lookup not in self.lookups:
            raise MappingError(f"unknown lookup {lookup}")
        if lookup and transform in GIVES_NUMBER:
            raise MappingError(f"lookup {lookup} needs a text")
        return {"form": "kField", "field": self.field(name), "as": transform,
                "lookup": 1 + list(self.lookups).index(lookup) if lookup else 0}

    def template(self, source, form="kTemplate"):
        children, at = [], 0
        for piece in PIECE.finditer(source):
            if piece.start() != at:
                raise MappingError(f"template {source!r}: unbalanced brackets")
            at = piece.end()
            hole, segment, literal = piece.groups()
            if hole is not None:
                parts = HOLE.match(hole)
                if not parts:
                    raise MappingError(f"template {source!r}: {hole!r} is no field[:transform][|lookup]")
                children.append(self.leaf(parts[1], parts[2] or "text", parts[3]))
            elif segment is not None:
                children.append(self.template(segment, "kSegment"))
            else:
                children.append({"form": "kConstant", "text": literal})
        if at != len(source):
            raise MappingError(f"template {source!r}: unbalanced brackets")
        return {"form": form, "children": children}

    def build(self, source, default):
        """`default` is the transform of a field that states none."""
        if isinstance(source, str):
            if source.startswith("="):
                return {"form": "kConstant", "text": source[1:]}
            if "{" in source:
                return self.template(source)
            if not re.fullmatch(r"\w+(#\d)?", source):
                raise MappingError(f"{source!r} is no field name, ={{constant}} or template")
            return self.leaf(source, default)
        if isinstance(source, dict) and "field" in source and not set(source) - {"field", "as", "lookup"}:
            return self.leaf(source["field"], source.get("as", "text" if "lookup" in source else default), source.get("lookup"))
        if isinstance(source, dict) and set(source) == {"first"}:
            return {"form": "kFirst", "children": [self.build(one, default) for one in source["first"]]}
        if isinstance(source, dict) and set(source) == {"json"}:
            return {"form": "kObject", "children": [{**self.build(one, "text"), "key": key} for key, one in source["json"].items()]}
        raise MappingError(f"not an expression: {source!r}")

    def lay_out(self, node, at):
        children = node.get("children", [])
        first = len(self.expressions)
        self.expressions += [None] * len(children)
        for offset, child in enumerate(children):
            self.lay_out(child, first + offset)
        self.expressions[at] = (f"{{Form::{node['form']}, Transform::{TRANSFORMS[node.get('as', 'text')]}, {node.get('field', 0)}, "
                                f"{node.get('lookup', 0)}, {first if children else 0}, {len(children)}, "
                                f"{text(node.get('text', ''))}, {text(node.get('key', ''))}}}")

    def add(self, source, default="text"):
        if source is None:
            return "kNone"
        node = self.build(source, default)
        at = len(self.expressions)
        self.expressions.append(None)
        self.lay_out(node, at)
        return at

    def check_type(self, column, node_source):
        """A column of a number takes number transforms only."""
        wanted = NUMERIC.get(column.type)
        node = self.build(node_source, COLUMN_DEFAULT.get(column.type, "text"))
        leaves = node["children"] if node["form"] == "kFirst" else [node]
        for leaf in leaves:
            is_number = leaf["form"] == "kField" and leaf["as"] in GIVES_NUMBER and not leaf["lookup"]
            if wanted and not (leaf["form"] == "kField" and leaf["as"] in wanted):
                raise MappingError(f"column {column.name} is {column.type} and needs as: {'|'.join(sorted(wanted))}")
            if not wanted and is_number and leaf["as"] != "int":
                raise MappingError(f"column {column.name} is text")

    def role(self, entry):
        if entry is None:
            return "{}"
        if set(entry) - set(ROLE_TYPES) or not {"pid", "account_name"} & set(entry):
            raise MappingError(f"process role: needs pid or account_name, and knows {sorted(ROLE_TYPES)}")
        parts = [f".{name} = {self.add(entry[name], default)}" for name, default in ROLE_TYPES.items() if name in entry]
        return "{" + ", ".join(parts) + "}"

    def plan(self, entry):
        out = {}
        out["when"] = [(self.field(name), value) for name, value in entry.get("when", {}).items()]
        out["columns"] = []
        out["table"] = -1
        if "table" in entry:
            table = self.tables.get(entry["table"])
            if table is None:
                raise MappingError(f"unknown table {entry['table']}")
            out["table"] = f"static_cast<std::int16_t>(schema::TableId::k{table.name})"
            known = {column.name: at for at, column in enumerate(table.columns)}
            for name, source in entry["columns"].items():
                if name not in known:
                    raise MappingError(f"{table.name} has no column {name}")
                column = table.columns[known[name]]
                self.check_type(column, source)
                out["columns"].append((known[name], name, self.add(source, COLUMN_DEFAULT.get(column.type, "text"))))
        elif entry["columns"]:
            raise MappingError("columns without a table")
        if not entry.get("action_type"):
            raise MappingError("needs an action_type")
        out["action_type"] = entry["action_type"]
        out["acting"] = self.role(entry.get("acting"))
        about = [name for name in EFFECTS if name in entry]
        if len(about) > 1:
            raise MappingError("an event is about one process: created, target or ended")
        out["process"] = self.role(entry[about[0]]) if about else "{}"
        out["effect"] = EFFECTS[about[0]] if about else "kNothing"
        timeline = entry.get("timeline", {})
        if set(timeline) - {"group", "title", "detail", "actor", "account"} or (timeline and timeline.get("group") not in GROUPS):
            raise MappingError(f"timeline: group (one of {sorted(GROUPS)}), title, detail, actor, account")
        out["group"] = timeline.get("group", "")
        for slot in ("title", "detail", "actor", "account"):
            out[slot] = self.add(timeline.get(slot))
        out["rule_name"] = self.add(entry.get("rule_name"))
        out["local_address"] = self.add(entry.get("local_address"))
        logon, machine = entry.get("logon", {}), entry.get("machine_account", {})
        out["logon_domain"], out["logon_account"] = self.add(logon.get("domain")), self.add(logon.get("account"))
        out["machine_domain"], out["machine_sid"] = self.add(machine.get("domain")), self.add(machine.get("sid"))
        windows = entry.get("windows", {})
        out["windows_version"], out["windows_build"] = self.add(windows.get("version")), self.add(windows.get("build"), "int")
        coverage = entry.get("coverage", {})
        out["coverage_kind"] = coverage.get("kind", "")
        out["coverage_source"], out["coverage_detail"] = self.add(coverage.get("source")), self.add(coverage.get("detail"))
        return out

    def emit(self, name):
        out = [f"constexpr std::string_view {name}Fields[] = {{{', '.join(text(field) for field in self.fields)}}};\n",
               f"constexpr Expression {name}Expressions[] = {{\n"]
        out += [f"    {expression},\n" for expression in self.expressions]
        out.append("};\n")
        for at, plan in enumerate(self.plans):
            if plan["when"]:
                conditions = ", ".join(f"{{{field}, {text(value)}}}" for field, value in plan["when"])
                out.append(f"constexpr Condition {name}When{at}[] = {{{conditions}}};\n")
            if plan["columns"]:
                out.append(f"constexpr Assignment {name}Columns{at}[] = {{\n")
                out += [f"    {{{column}, {expression}}},  // {label}\n" for column, label, expression in plan["columns"]]
                out.append("};\n")
        out.append(f"constexpr Plan {name}Plans[] = {{\n")
        for at, plan in enumerate(self.plans):
            when = f"{name}When{at}" if plan["when"] else "{}"
            columns = f"{name}Columns{at}" if plan["columns"] else "{}"
            out.append(f"    {{.when = {when},\n     .table = {plan['table']},\n     .action_type = {text(plan['action_type'])},\n"
                       f"     .columns = {columns},\n     .acting = {plan['acting']},\n     .process = {plan['process']},\n"
                       f"     .effect = Effect::{plan['effect']},\n     .group = {text(plan['group'])},\n")
            for slot in ("title", "detail", "actor", "account", "rule_name", "local_address", "logon_domain", "logon_account",
                         "machine_domain", "machine_sid", "windows_version", "windows_build"):
                if plan[slot] != "kNone":
                    out.append(f"     .{slot} = {plan[slot]},\n")
            if plan["coverage_kind"]:
                out.append(f"     .coverage_kind = {text(plan['coverage_kind'])},\n     .coverage_source = {plan['coverage_source']},\n"
                           f"     .coverage_detail = {plan['coverage_detail']},\n")
            out.append("    },\n")
        out.append("};\n\n")
        return "".join(out)


def cpp_mappings(root, tables):
    """The text of src/normalize/gen/mappings.cc."""
    folder = root / "schema/mappings"
    with open(folder / "lookups.yaml", encoding="utf-8") as file:
        lookups = yaml.safe_load(file)
    by_name = {table.name: table for table in tables}
    compiled = []
    for path in sorted(folder.glob("*/*.yaml"), key=lambda path: (path.parent.name, int(path.stem))):
        with open(path, encoding="utf-8") as file:
            entry = yaml.safe_load(file)
        try:
            compiler = Compiler(entry, by_name, lookups)
            if str(compiler.event_id) != path.stem:
                raise MappingError("the file is named by its event id")
        except MappingError as error:
            sys.exit(f"{path.relative_to(root)}: {error}")
        compiled.append((f"k{path.parent.name.capitalize()}{path.stem}", compiler))
    compiled.sort(key=lambda pair: (pair[1].event_id, pair[0]))

    out = ["// Generated by tools/gen from schema/mappings/. Change the YAML, not this file.\n"
           '#include "normalize/plan.h"\n#include "schema/gen/ordinals.h"\n\nnamespace spoor::normalize {\nnamespace {\n\n']
    for name, entries in lookups.items():
        out.append(f"constexpr LookupEntry kLookup_{name}[] = {{\n")
        out += [f"    {{{text(str(code))}, {text(str(meaning))}}},\n" for code, meaning in entries.items()]
        out.append("};\n")
    out.append("\nconstexpr Lookup kLookups[] = {\n")
    out += [f"    {{{text(name)}, kLookup_{name}}},\n" for name in lookups]
    out.append("};\n\n")
    out += [compiler.emit(name) for name, compiler in compiled]
    out.append("constexpr Mapping kMappings[] = {\n")
    out += [f"    {{{text(c.channel)}, {text(c.provider)}, {c.event_id}, {c.version},\n     {name}Fields, {name}Expressions, {name}Plans}},\n"
            for name, c in compiled]
    out.append("};\n\n}  // namespace\n\nstd::span<const Mapping> mappings() { return kMappings; }\n"
               "std::span<const Lookup> lookups() { return kLookups; }\n\n}  // namespace spoor::normalize\n")
    return "".join(out)
