#include "server/backup_manifest.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.h"
#include "json/reader.h"
#include "json/writer.h"
#include "schema/schema.h"
#include "state/state.h"

namespace spoor::server {
namespace {

/// The appender's journal, which tells a whole batch from a part of one.
constexpr std::string_view kJournalTable = "spoor_batches";
constexpr std::size_t kMostFiles = 2'000'000;

bool is_name(std::string_view name) {
  return !name.empty() && name.size() <= 255 && name[0] != '.' &&
         std::ranges::all_of(name, [](char letter) {
           return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
                  (letter >= '0' && letter <= '9') || letter == '_' || letter == '-' ||
                  letter == '.';
         });
}

bool is_table(std::string_view name) {
  return name == kJournalTable || schema::find_table(name) != nullptr;
}

bool is_hash(std::string_view text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == text.npos;
}

std::unexpected<Error> damaged(std::string_view what) {
  return fail(ErrorCode::kInvalidInput, fmt::format("the manifest of the backup {}", what));
}

Result<void> check_version(std::string_view what, std::int64_t found, std::int64_t known) {
  if (found > known) {
    return fail(Error::make(ErrorCode::kConflict,
                            fmt::format("the backup has {} {}, and this program knows up to {}",
                                        what, found, known))
                    .with_hint("restore it with the newer program that made it"));
  }
  return found >= 1 ? Result<void>{} : damaged(fmt::format("has no {}", what));
}

}  // namespace

bool is_backup_path(std::string_view path) {
  const auto parts = split(path, '/');
  if (!std::ranges::all_of(parts, is_name)) {
    return false;
  }
  if (parts.size() == 1) {
    return path == "state.sqlite" || path == "spoor.toml";
  }
  if (parts.size() == 2) {
    return parts[0] == "tls" || parts[0] == "processes";
  }
  return parts[0] == "store" && parts.size() >= 4 && parts.size() <= 6 && is_table(parts[1]);
}

std::vector<std::pair<std::string, std::string>> count_statements() {
  std::vector<std::pair<std::string, std::string>> statements;
  for (const schema::Table& table : schema::tables()) {
    statements.emplace_back(
        table.name, fmt::format("SELECT count() FROM `{}`{}", table.name,
                                table.kind == schema::TableKind::kSnapshot ? " FINAL" : ""));
  }
  statements.emplace_back(kJournalTable, fmt::format("SELECT count() FROM {}", kJournalTable));
  return statements;
}

std::string BackupManifest::to_json() const {
  std::string out;
  json::Writer writer(out);
  writer.begin_object();
  writer.key("format").number(kBackupFormat);
  writer.key("made").string(format_ticks(made));
  writer.key("schemaVersion").number(std::int64_t{schema_version});
  writer.key("stateVersion").number(state_version);
  writer.key("tables").begin_object();
  for (const TableCount& table : tables) {
    writer.key(table.table).number(table.rows);
  }
  writer.end_object();
  writer.key("files").begin_array();
  for (const BackupFile& file : files) {
    out += "\n";
    writer.begin_array().string(file.path).number(file.bytes).string(file.sha256).end_array();
  }
  writer.end_array().end_object();
  return out + "\n";
}

Result<BackupManifest> BackupManifest::read(std::string_view json) {
  json::ReadLimits limits;
  limits.max_bytes = 1UL << 30;
  limits.max_depth = 4;
  limits.max_values = 5 * kMostFiles;
  const auto parsed = json::parse(json, limits);
  if (!parsed) {
    return damaged("cannot be read: " + parsed.error().message);
  }
  const json::Dynamic& root = *parsed;
  BackupManifest manifest;
  TRY_VOID(check_version("format", root["format"].int_or(0), kBackupFormat));
  TRY_VOID(check_version("schema version", root["schemaVersion"].int_or(0), schema::version()));
  TRY_VOID(check_version("state version", root["stateVersion"].int_or(0),
                         state::State::newest_schema_version()));
  manifest.schema_version = static_cast<std::uint32_t>(root["schemaVersion"].int_or(0));
  manifest.state_version = static_cast<int>(root["stateVersion"].int_or(0));
  manifest.made = parse_iso_ticks(root["made"].text_or("")).value_or(0);
  const auto* tables = root["tables"].as_object();
  const auto* files = root["files"].as_array();
  if (tables == nullptr || files == nullptr) {
    return damaged("lacks its tables or files");
  }
  for (const json::Member& table : *tables) {
    const std::int64_t rows = table.value.int_or(-1);
    if (!is_table(table.name) || rows < 0) {
      return damaged(fmt::format("names a table '{}' that is none", table.name));
    }
    manifest.tables.push_back({table.name, static_cast<std::uint64_t>(rows)});
  }
  std::set<std::string_view> seen;
  for (const json::Dynamic& file : *files) {
    const std::string_view path = file[0].text_or("");
    const std::int64_t bytes = file[1].int_or(-1);
    const std::string_view hash = file[2].text_or("");
    if (!is_backup_path(path) || bytes < 0 || !is_hash(hash) || !seen.insert(path).second) {
      return damaged(fmt::format("names a file '{}' that a backup cannot hold", path));
    }
    manifest.files.push_back(
        {std::string(path), static_cast<std::uint64_t>(bytes), std::string(hash)});
  }
  if (!seen.contains("state.sqlite")) {
    return damaged("names no state.sqlite");
  }
  return manifest;
}

}  // namespace spoor::server
