"""Compiles schema/mappings/ to the constant plan that src/normalize interprets (src/normalize/gen/mappings.cc)."""
import re
import sys

import yaml

TRANSFORMS = {
    "text": "kText", "int": "kInt", "positive": "kPositive", "bool": "kBool", "time": "kTime", "file_name": "kFileName",
    "codes": "kCodes", "flags": "kFlags",
    "image_name": "kImageName", "image_path": "kImagePath", "unquoted": "kUnquoted", "brief": "kBrief", "hex": "kHex", "status": "kStatus", "md5": "kMd5", "sha1": "kSha1", "sha256": "kSha256", "imphash": "kImphash",
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
HEADER = {"@event_id": "kEventId", "@process_id": "kProcessId", "@user_sid": "kUserSid", "@channel": "kChannel",
          "@provider": "kProvider", "@level": "kLevel", "@whole": "kWhole", "@outcome": "kOutcome"}
TESTS = {"begins": "kBegins", "contains": "kContains", "any_bit": "kAnyBit"}
BLOCK = {"id": "text", "part": "int", "parts": "int", "text": "text"}
TOP = {"match", "version", "parts", "block", "table", "action_type", "rule_name", "acting", "columns", "timeline", "variants", "local_address",
       "logon", "machine_account", "windows", "coverage", *EFFECTS}
PIECE = re.compile(r"\{([^{}]*)\}|\[([^\[\]]*)\]|([^{}\[\]]+)")
FIELD = re.compile(r"([\w@][\w@ .-]*)(?:#(\d+))?$")
HOLE = re.compile(r"([^:|]+)(?::(\w+))?(?:\|(\w+))?$")


class MappingError(Exception):
    pass


def text(value):
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t") + '"'


def as_list(value):
    return value if isinstance(value, list) else [value]


def with_shared(entry, shared):
    """A mapping with the parts of shared.yaml that it includes below its own keys."""
    out = {}
    for name in entry.get("include", []):
        if name not in shared:
            raise MappingError(f"include: shared.yaml has no {name}")
        out = laid_over(out, shared[name])
    return laid_over(out, {key: value for key, value in entry.items() if key != "include"})


def laid_over(below, above):
    """The keys of both; `match` and `columns` are put together, of anything else the upper one stays."""
    joined = {key: {**below[key], **above[key]} for key in ("match", "columns") if key in below and key in above}
    return {**below, **above, **joined}


class Compiler:
    """Compiles one mapping file."""

    def __init__(self, entry, tables, lookups):
        unknown = set(entry) - TOP
        if unknown:
            raise MappingError(f"unknown keys {sorted(unknown)}")
        match = entry.get("match", {})
        if set(match) != {"channel", "provider", "event_id"} or not isinstance(entry.get("version"), int):
            raise MappingError("needs match {channel, provider, event_id} and a version")
        self.channels, self.providers = as_list(match["channel"]), as_list(match["provider"])
        self.event_ids = as_list(match["event_id"])
        self.version, self.tables, self.lookups = entry["version"], tables, lookups
        self.fields, self.expressions, self.plans, self.plan_names = [], [], [], {}
        self.parts = {name: self.part(name, part) for name, part in entry.get("parts", {}).items()}
        block = entry.get("block", {})
        if block and set(block) != set(BLOCK):
            raise MappingError(f"block: needs {sorted(BLOCK)}")
        self.block = {slot: self.add(block[slot], default) for slot, default in BLOCK.items()} if block else {}
        variants = entry.get("variants", [{}])
        if any("when" not in variant for variant in variants[:-1]):
            raise MappingError("only the last variant may stand without `when`")
        for variant in variants:
            if set(variant) - TOP - {"when"}:
                raise MappingError(f"variant: unknown keys {sorted(set(variant) - TOP - {'when'})}")
            merged = {**entry, **variant}
            merged["columns"] = {**entry.get("columns", {}), **variant.get("columns", {})}
            self.plans.append(self.plan(merged))

    def part(self, name, entry):
        """The sources of a name that stands for a piece of a field's text: one for each field that may hold it."""
        if not re.fullmatch(r"\w+", name) or "field" not in entry or len({"line", "between"} & set(entry)) != 1 or len(entry) != 2:
            raise MappingError(f"part {name}: needs field, and line or between")
        if "line" in entry:
            cut, start, end = "kMember", entry["line"], ""
        else:
            cut, (start, end) = "kBetween", entry["between"]
        if not start and not end:
            raise MappingError(f"part {name}: needs a line or a text to begin at")
        return [(*self.place(field), cut, start, end) for field in as_list(entry["field"])]

    @staticmethod
    def place(name):
        """Name, place and number of a field."""
        if name in HEADER:
            return name, HEADER[name], 0
        parts = FIELD.match(name)
        if not parts or (name.startswith("@") and "." not in name):
            raise MappingError(f"{name!r} is no field name")
        return parts[1], "kData", int(parts[2] or 0)

    def source(self, source):
        if source not in self.fields:
            self.fields.append(source)
        if len(self.fields) > 120:
            raise MappingError("more than 120 fields")
        return self.fields.index(source)

    def sources(self, name):
        """Indices of what a name may stand for, best first."""
        return [self.source(source) for source in self.parts.get(name) or [(*self.place(name), "kAll", "", "")]]

    # Expressions are built as dicts with their children inside, then laid out flat with siblings side by side.
    def leaf(self, name, transform="text", lookup=None):
        if transform not in TRANSFORMS:
            raise MappingError(f"unknown transform {transform}")
        if lookup and lookup not in self.lookups:
            raise MappingError(f"unknown lookup {lookup}")
        if lookup and transform in GIVES_NUMBER:
            raise MappingError(f"lookup {lookup} needs a text")
        leaves = [{"form": "kField", "field": source, "as": transform,
                   "lookup": 1 + list(self.lookups).index(lookup) if lookup else 0} for source in self.sources(name)]
        return leaves[0] if len(leaves) == 1 else {"form": "kFirst", "children": leaves}

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
        leaves = [node]
        while any(leaf["form"] == "kFirst" for leaf in leaves):
            leaves = [inner for leaf in leaves for inner in (leaf["children"] if leaf["form"] == "kFirst" else [leaf])]
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

    def conditions(self, when):
        """Conditions on fields, and the event ids to which the plan is restricted (None: all)."""
        out, ids = [], None
        for name, value in when.items():
            if name == "@event_id":
                ids = as_list(value)
                if set(ids) - set(self.event_ids):
                    raise MappingError(f"when: {ids} are not among the event ids")
                continue
            sources = self.sources(name)
            if len(sources) != 1:
                raise MappingError(f"when: {name} may stand in more than one field")
            if isinstance(value, dict) and set(value) == {"present"}:
                out.append((sources[0], "kPresent" if value["present"] else "kAbsent", []))
            elif isinstance(value, dict) and len(value) == 1 and set(value) <= set(TESTS):
                (test, texts), = value.items()
                if test == "any_bit" and not all(re.fullmatch(r"0x[0-9a-f]+", str(one)) for one in as_list(texts)):
                    raise MappingError(f"when {name}: any_bit takes bits like \"0x10\"")
                out.append((sources[0], TESTS[test], as_list(texts)))
            elif not isinstance(value, dict):
                out.append((sources[0], "kEquals", as_list(value)))
            else:
                raise MappingError(f"when {name}: a text, a list of texts, or one of present, {', '.join(TESTS)}")
        return out, ids

    def plan(self, entry):
        out = {}
        out["when"], out["ids"] = self.conditions(entry.get("when", {}))
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
        out = []
        if self.fields:
            out.append(f"constexpr Source {name}Fields[] = {{\n")
        for field, place, nth, cut, start, end in self.fields:
            field = field if place == "kData" else ""
            out.append(f"    {{{text(field)}, Place::{place}, {nth}, Cut::{cut}, {text(start)}, {text(end)}}},\n")
        if self.fields:
            out.append("};\n")
        if self.expressions:
            out.append(f"constexpr Expression {name}Expressions[] = {{\n")
            out += [f"    {expression},\n" for expression in self.expressions]
            out.append("};\n")
        for at, plan in enumerate(self.plans):
            for condition, (_, _, texts) in enumerate(plan["when"]):
                if texts:
                    out.append(f"constexpr std::string_view {name}Texts{at}_{condition}[] = {{{', '.join(text(str(one)) for one in texts)}}};\n")
            if plan["when"]:
                conditions = ", ".join(f"{{{field}, Test::{test}, {f'{name}Texts{at}_{condition}' if texts else '{}'}}}"
                                       for condition, (field, test, texts) in enumerate(plan["when"]))
                out.append(f"constexpr Condition {name}When{at}[] = {{{conditions}}};\n")
            if plan["columns"]:
                out.append(f"constexpr Assignment {name}Columns{at}[] = {{\n")
                out += [f"    {{{column}, {expression}}},  // {label}\n" for column, label, expression in plan["columns"]]
                out.append("};\n")
        # Events of a family have the plans that speak of them; what is the same is written once.
        written = {}
        for event_id in self.event_ids:
            plans = tuple(at for at, plan in enumerate(self.plans) if plan["ids"] is None or event_id in plan["ids"])
            if not plans:
                raise MappingError(f"no variant is about {event_id}")
            if plans not in written:
                written[plans] = f"{name}Plans" + (str(event_id) if len(self.event_ids) > 1 else "")
                out.append(f"constexpr Plan {written[plans]}[] = {{\n")
                out += [self.emit_plan(name, at, self.plans[at]) for at in plans]
                out.append("};\n")
            self.plan_names[event_id] = written[plans]
        return "".join(out) + "\n"

    @staticmethod
    def emit_plan(name, at, plan):
        when = f"{name}When{at}" if plan["when"] else "{}"
        columns = f"{name}Columns{at}" if plan["columns"] else "{}"
        out = [f"    {{.when = {when},\n     .table = {plan['table']},\n     .action_type = {text(plan['action_type'])},\n"
               f"     .columns = {columns},\n     .acting = {plan['acting']},\n     .process = {plan['process']},\n"
               f"     .effect = Effect::{plan['effect']},\n     .group = {text(plan['group'])},\n"]
        for slot in ("title", "detail", "actor", "account", "rule_name", "local_address", "logon_domain", "logon_account",
                     "machine_domain", "machine_sid", "windows_version", "windows_build"):
            if plan[slot] != "kNone":
                out.append(f"     .{slot} = {plan[slot]},\n")
        if plan["coverage_kind"]:
            out.append(f"     .coverage_kind = {text(plan['coverage_kind'])},\n     .coverage_source = {plan['coverage_source']},\n"
                       f"     .coverage_detail = {plan['coverage_detail']},\n")
        out.append("    },\n")
        return "".join(out)

    def entries(self, name):
        """One entry of the list of all mappings for each event, as (key to order by, text)."""
        block = "{" + ", ".join(f".{slot} = {at}" for slot, at in self.block.items()) + "}"
        fields = f"{name}Fields" if self.fields else "{}"
        expressions = f"{name}Expressions" if self.expressions else "{}"
        for event_id in self.event_ids:
            for provider in self.providers:
                for channel in self.channels:
                    is_pattern = channel.endswith("*") or provider.endswith("*")
                    yield ((event_id, is_pattern, provider.lower(), channel.lower()),
                           f"    {{{text(channel)}, {text(provider)}, {event_id}, {self.version},\n"
                           f"     {fields}, {expressions}, {self.plan_names[event_id]}, {block}}},\n")


def cpp_mappings(root, tables):
    """The text of src/normalize/gen/mappings.cc."""
    folder = root / "schema/mappings"
    with open(folder / "lookups.yaml", encoding="utf-8") as file:
        lookups = yaml.safe_load(file)
    with open(folder / "shared.yaml", encoding="utf-8") as file:
        shared = yaml.safe_load(file)
    by_name = {table.name: table for table in tables}
    compiled = []
    for path in sorted(folder.glob("*/*.yaml")):
        with open(path, encoding="utf-8") as file:
            entry = yaml.safe_load(file)
        try:
            compiler = Compiler(with_shared(entry, shared), by_name, lookups)
            name = re.fullmatch(r"[a-z][a-z_]*", path.stem) if len(compiler.event_ids) > 1 else path.stem == str(compiler.event_ids[0])
            if not name:
                raise MappingError("a file is named by its event id, with several by a word for them")
            words = [*path.parent.name.split("_"), *path.stem.split("_")]
            name = "k" + "".join(word.capitalize() for word in words)
            compiled.append((name, path, compiler, compiler.emit(name)))
        except MappingError as error:
            sys.exit(f"{path.relative_to(root)}: {error}")

    out = ["// Generated by tools/gen from schema/mappings/. Change the YAML, not this file.\n"
           '#include "normalize/plan.h"\n#include "schema/gen/ordinals.h"\n\nnamespace spoor::normalize {\nnamespace {\n\n']
    for name, entries in lookups.items():
        out.append(f"constexpr LookupEntry kLookup_{name}[] = {{\n")
        out += [f"    {{{text(str(code))}, {text(str(meaning))}}},\n" for code, meaning in sorted(entries.items(), key=lambda entry: str(entry[0]).lower())]
        out.append("};\n")
    out.append("\nconstexpr Lookup kLookups[] = {\n")
    out += [f"    {{{text(name)}, kLookup_{name}}},\n" for name in lookups]
    out.append("};\n\n")
    out += [emitted for _, _, _, emitted in compiled]
    entries = {}
    for name, path, compiler, _ in compiled:
        for key, entry in compiler.entries(name):
            if key in entries:
                sys.exit(f"{path.relative_to(root)}: event {key[0]} of {key[2]}, {key[3]} has a mapping already")
            entries[key] = entry
    out.append("constexpr Mapping kMappings[] = {\n")
    out += [entry for _, entry in sorted(entries.items())]
    out.append("};\n\n}  // namespace\n\nstd::span<const Mapping> mappings() { return kMappings; }\n"
               "std::span<const Lookup> lookups() { return kLookups; }\n\n}  // namespace spoor::normalize\n")
    return "".join(out)
