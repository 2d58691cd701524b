#!/usr/bin/env python3
"""Derives everything that repeats the schema from schema/: C++ tables, TypeScript types, reference pages.

    tools/gen/gen.py           writes the files
    tools/gen/gen.py --check   says which would change, and fails if any would
"""
import pathlib
import sys

import yaml

import action_types
import api
import mappings
import permissions
import settings

ROOT = pathlib.Path(__file__).resolve().parents[2]
TYPES = {"bool": "kBool", "int": "kInt", "long": "kLong", "real": "kReal", "string": "kString",
         "datetime": "kDateTime", "dynamic": "kDynamic"}
FOREIGN_TYPES = {**TYPES, "guid": "kGuid"}
CLICKHOUSE = {"bool": "Bool", "int": "Int32", "long": "Int64", "real": "Float64", "string": "String",
              "datetime": "DateTime64(7,'UTC')", "dynamic": "String"}
STORAGE = {"low": "kLow", "tiny": "kTiny", "keys": "kKeys", "strings": "kStrings"}
ABSENT = {"never": "kNever", "0": "kZero", "false": "kFalse", "epoch": "kEpoch"}
INDEX = {"terms": "kTerms", "bloom": "kBloom"}
TYPESCRIPT = {"bool": "boolean", "int": "number", "long": "number | string", "real": "number",
              "string": "string", "datetime": "string", "dynamic": "unknown"}


def die(path, message):
    sys.exit(f"{path.relative_to(ROOT)}: {message}")


def load(path):
    with open(path, encoding="utf-8") as file:
        return yaml.safe_load(file)


class Column:
    KEYS = {"name", "type", "storage", "absent", "nullable", "index", "hidden", "doc"}

    def __init__(self, path, entry):
        unknown = set(entry) - self.KEYS
        if unknown or "name" not in entry or entry.get("type") not in TYPES or not entry.get("doc"):
            die(path, f"column {entry.get('name')}: needs name, a known type and doc; unknown keys: {unknown or 'none'}")
        self.name, self.type, self.doc = entry["name"], entry["type"], entry["doc"]
        self.hidden = entry.get("hidden", False)
        self.index = INDEX[entry["index"]] if "index" in entry else "kNone"
        storage = entry.get("storage", "")
        self.hex_bytes = int(storage[3:]) if storage.startswith("hex") else 0
        self.storage = "kHex" if self.hex_bytes else STORAGE[storage] if storage else "kPlain"
        textual = self.type in ("string", "dynamic")
        if textual:
            if "absent" in entry or "nullable" in entry:
                die(path, f"column {self.name}: text is absent when empty, say nothing")
            self.absent = "kEmpty"
        elif entry.get("nullable"):
            self.absent = "kNullable"
        elif "absent" in entry:
            self.absent = ABSENT[str(entry["absent"]).lower()]
        else:
            die(path, f"column {self.name}: say nullable: true or absent: never|0|false|epoch")
        self.clickhouse = self.clickhouse_type()

    def clickhouse_type(self):
        special = {"kLow": "LowCardinality(String)", "kTiny": "Int8", "kKeys": "Array(Int64)",
                   "kStrings": "Array(String)", "kHex": f"FixedString({self.hex_bytes})"}
        base = special.get(self.storage, CLICKHOUSE[self.type])
        return f"Nullable({base})" if self.absent == "kNullable" else base

    def ddl(self):
        codec = ""
        if self.type == "datetime":
            codec = " CODEC(Delta(8), ZSTD(1))"
        elif self.name in ("BatchId", "ReportId"):
            codec = " CODEC(Delta(8), ZSTD(1))"
        elif self.storage in ("kPlain", "kHex", "kKeys"):
            codec = " CODEC(ZSTD(1))"
        return f"  `{self.name}` {self.clickhouse}{codec}"

    def ddl_index(self):
        if self.index == "kTerms":
            # The expression is the one that `has` compiles to (terms_form in kql/bind/texts.cc); another would never be
            # used. The pattern costs fifty times what lower() does, and nearly all text is ASCII, where both give the same
            # terms. An index is named after its expression: another expression, another name (store/migrate.cc).
            text = f"`{self.name}`"
            by_pattern = f"replaceRegexpAll(lowerUTF8({text}),'[^\\\\p{{L}}\\\\p{{N}}]+',' ')"
            expression = f"if(isValidASCII({text}),lower({text}),{by_pattern})"
            return f"  INDEX `words_{self.name}` {expression} TYPE tokenbf_v1(65536, 3, 0) GRANULARITY 1"
        return f"  INDEX `bloom_{self.name}` `{self.name}` TYPE bloom_filter(0.01) GRANULARITY 1"


class Table:
    KEYS = {"table", "kind", "doc", "include", "key", "columns"}

    def __init__(self, path):
        entry = load(path)
        if set(entry) - self.KEYS or entry["table"] != path.stem or entry["kind"] not in ("event", "snapshot"):
            die(path, "needs table (as the file is named), kind event|snapshot, doc, key, columns")
        self.name, self.kind, self.doc, self.key = entry["table"], entry["kind"], entry["doc"], entry["key"]
        self.columns = [Column(path, column) for column in entry["columns"]]
        for include in entry.get("include", []):
            shared = ROOT / "schema/includes" / f"{include}.yaml"
            self.columns += [Column(shared, column) for column in load(shared)["columns"]
                             if column["name"] not in {known.name for known in self.columns}]
        names = [column.name for column in self.columns]
        if len(set(names)) != len(names) or not set(self.key) <= set(names):
            die(path, "a column is declared twice, or the key names one that is not there")

    def create_sql(self):
        parts = [column.ddl() for column in self.columns]
        parts += [column.ddl_index() for column in self.columns if column.index != "kNone"]
        engine = "MergeTree" if self.kind == "event" else "ReplacingMergeTree(IngestTime)"
        partition = "PARTITION BY (RetentionClass, toMonday(Timestamp))\n" if self.kind == "event" else ""
        return (f"CREATE TABLE IF NOT EXISTS `{self.name}`\n(\n" + ",\n".join(parts) + f"\n)\nENGINE = {engine}\n{partition}"
                f"ORDER BY ({', '.join(f'`{name}`' for name in self.key)})\n"
                "SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1,"
                # One file for what an insert writes: a batch touches a hundred columns, and each file of its own costs an
                # fsync. What merges is wide again.
                " min_bytes_for_wide_part = 134217728,"
                # A partition that has been quiet for an hour becomes one part: a page reads each of them.
                " min_age_to_force_merge_seconds = 3600, min_age_to_force_merge_on_partition_only = 1,"
                " min_free_disk_bytes_to_perform_insert = {reserve}")


def snake(name):
    out = ""
    for at, letter in enumerate(name):
        if letter.isupper() and at and (not name[at - 1].isupper() or (at + 1 < len(name) and name[at + 1].islower())):
            out += "_"
        out += letter.lower()
    return out


def text(value):
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


NOTE = "// Generated by tools/gen from schema/tables/*.yaml. Change the YAML, not this file.\n"


def cpp_tables(tables, version):
    out = [NOTE, '#include "schema/schema.h"\n', "\nnamespace spoor::schema {\nnamespace {\n\n"]
    for table in tables:
        out.append(f"constexpr Column k{table.name}Columns[] = {{\n")
        for c in table.columns:
            out.append(f"    {{{text(c.name)}, Type::{TYPES[c.type]}, Storage::{c.storage}, Absent::{c.absent}, Index::{c.index}, "
                       f"{c.hex_bytes}, {str(c.hidden).lower()}, {text(c.clickhouse)},\n     {text(c.doc)}}},\n")
        out.append("};\n")
        out.append(f"constexpr std::string_view k{table.name}Key[] = {{{', '.join(text(k) for k in table.key)}}};\n\n")
    out.append("constexpr Table kTables[] = {\n")
    for table in tables:
        kind = "kEvent" if table.kind == "event" else "kSnapshot"
        out.append(f"    {{{text(table.name)}, TableKind::{kind}, {text(table.doc)},\n     k{table.name}Columns, k{table.name}Key,\n"
                   f"     R\"sql({table.create_sql()})sql\"}},\n")
    out.append("};\n\n}  // namespace\n\nstd::span<const Table> tables() { return kTables; }\n"
               f"std::uint32_t version() {{ return {version}; }}\n\n}}  // namespace spoor::schema\n")
    return "".join(out)


def cpp_ordinals(tables):
    out = [NOTE, "// Ordinals of tables within schema::tables() and of columns within a table.\n#pragma once\n\n#include <cstdint>\n\n"
           "namespace spoor::schema {\n\nenum class TableId : std::uint8_t {\n"]
    out += [f"  k{table.name} = {at},\n" for at, table in enumerate(tables)]
    out.append("};\n\n")
    for table in tables:
        out.append(f"namespace {snake(table.name)} {{\nenum Column : std::uint16_t {{\n")
        out += [f"  k{column.name} = {at},\n" for at, column in enumerate(table.columns)]
        out.append(f"}};\n}}  // namespace {snake(table.name)}\n\n")
    out.append("}  // namespace spoor::schema\n")
    return "".join(out)


class ForeignTable:
    """A hunting table of another product: names and types, so that queries compile; nothing is stored."""

    def __init__(self, path, name, entry):
        if set(entry) != {"doc", "columns"}:
            die(path, f"{name}: needs doc and columns")
        self.name, self.doc = name, entry["doc"]
        self.columns = [tuple(column.split(":")) for column in entry["columns"].split()]
        for column in self.columns:
            if len(column) != 2 or column[1] not in FOREIGN_TYPES:
                die(path, f"{name}: {':'.join(column)} is not name:type")


def cpp_foreign(foreign):
    out = [NOTE.replace("tables/*.yaml", "foreign.yaml"), '#include "schema/foreign.h"\n', "\nnamespace spoor::schema {\nnamespace {\n\n"]
    for table in foreign:
        out.append(f"constexpr ForeignColumn k{table.name}Columns[] = {{\n")
        out += [f"    {{{text(name)}, Type::{FOREIGN_TYPES[kind]}}},\n" for name, kind in table.columns]
        out.append("};\n\n")
    out.append("constexpr ForeignTable kForeignTables[] = {\n")
    out += [f"    {{{text(table.name)}, {text(table.doc)}, k{table.name}Columns}},\n" for table in foreign]
    out.append("};\n\n}  // namespace\n\nstd::span<const ForeignTable> foreign_tables() { return kForeignTables; }\n\n}  // namespace spoor::schema\n")
    return "".join(out)


def typescript(tables):
    out = ["// Generated by tools/gen from schema/tables/*.yaml. Change the YAML, not this file.\n\n"]
    for table in tables:
        out.append(f"/** {table.doc} */\nexport interface {table.name} {{\n")
        for c in table.columns:
            nullable = " | null" if c.absent in ("kNullable", "kEpoch") or c.type == "dynamic" else ""
            out.append(f"  /** {c.doc} */\n  {c.name}{'?' if c.hidden else ''}: {TYPESCRIPT[c.type]}{nullable};\n")
        out.append("}\n\n")
    return "".join(out).rstrip("\n") + "\n"


def markdown(tables, foreign, version):
    out = [f"# Hunting schema (version {version})\n\nGenerated from `schema/tables/`. Hidden columns answer to their name and are left out of `*`.\n\n"]
    out += [f"- [{table.name}](#{table.name.lower()}): {table.doc}\n" for table in tables]
    for table in tables:
        out.append(f"\n## {table.name}\n\n{table.doc} Kind: {table.kind}. Key: {', '.join(table.key)}.\n\n| column | type | null | stored as | meaning |\n|--|--|--|--|--|\n")
        for c in table.columns:
            null = {"kNullable": "yes", "kEpoch": "yes", "kEmpty": "empty"}.get(c.absent, "never")
            meaning = c.doc.replace("|", "\\|") + (" (hidden)" if c.hidden else "")
            out.append(f"| `{c.name}` | {c.type} | {null} | `{c.clickhouse}` | {meaning} |\n")
    out.append("\n## Tables of other products\n\nQueries may name them; they hold no rows, and the answer says so (`schema/foreign.yaml`).\n\n| table | columns | what it is elsewhere |\n|--|--|--|\n")
    out += [f"| `{table.name}` | {len(table.columns)} | {table.doc} |\n" for table in foreign]
    return "".join(out)


def main():
    tables = sorted((Table(path) for path in (ROOT / "schema/tables").glob("*.yaml")), key=lambda table: table.name)
    version = load(ROOT / "schema/version.yaml")["version"]
    path = ROOT / "schema/foreign.yaml"
    foreign = [ForeignTable(path, name, entry) for name, entry in sorted(load(path).items())]
    files = {"src/schema/gen/tables.cc": cpp_tables(tables, version), "src/schema/gen/ordinals.h": cpp_ordinals(tables),
             "src/schema/gen/foreign.cc": cpp_foreign(foreign), "web/src/api/gen/schema.ts": typescript(tables), "docs/schema/README.md": markdown(tables, foreign, version),
             "src/normalize/gen/mappings.cc": mappings.cpp_mappings(ROOT, tables)}
    files |= permissions.files(ROOT) | api.files(ROOT) | settings.files(ROOT) | action_types.files(ROOT)
    stale = []
    for name, content in files.items():
        path = ROOT / name
        if path.exists() and path.read_text(encoding="utf-8") == content:
            continue
        stale.append(name)
        if "--check" not in sys.argv:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
    if "--check" in sys.argv and stale:
        sys.exit("out of date, run tools/gen/gen.py: " + ", ".join(stale))


if __name__ == "__main__":
    main()
