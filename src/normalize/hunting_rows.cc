#include "normalize/hunting_rows.h"

#include <algorithm>
#include <limits>
#include <string>
#include <string_view>

#include "base/text.h"
#include "json/reader.h"
#include "normalize/normalizer.h"
#include "normalize/plan.h"
#include "schema/schema.h"

namespace spoor::normalize {
namespace {

using enrich::ProcessEvidence;
using enrich::ProcessView;
using event::Batch;
using event::Field;
using event::Record;
using event::Value;
using event::ValueKind;
using schema::TableId;

constexpr std::string_view kChannel = "AdvancedHunting-";
constexpr std::uint16_t kVersion = 1;

/// Columns that are Spoor's to fill.
constexpr std::string_view kOwn[] = {
    "Timestamp",  "DeviceId",        "DeviceName",           "EventId",
    "BatchId",    "IngestTime",      "RetentionClass",       "MappingVersion",
    "ProcessKey", "ProcessUniqueId", "InitiatingProcessKey", "InitiatingProcessUniqueId",
    "Ancestors"};

/// What the timeline says of a row of a table.
struct Words {
  std::string_view table, group, title, other_title, detail;
};
constexpr Words kWords[] = {
    {"DeviceProcessEvents", "process", "FileName", "", "ProcessCommandLine"},
    {"DeviceNetworkEvents", "network", "RemoteUrl", "RemoteIP", "RemoteIP"},
    {"DeviceFileEvents", "file", "FileName", "", "FolderPath"},
    {"DeviceRegistryEvents", "registry", "RegistryValueName", "RegistryKey", "RegistryKey"},
    {"DeviceLogonEvents", "logon", "AccountName", "", "LogonType"},
    {"DeviceImageLoadEvents", "image", "FileName", "", "FolderPath"},
    {"DeviceEvents", "other", "FileName", "RemoteUrl", "FolderPath"},
};

const Value* find(const Record& record, std::string_view name) {
  const auto found = std::ranges::find(record.data, name, &Field::name);
  return found == record.data.end() ? nullptr : &found->value;
}

std::string_view text_of(const Record& record, std::string_view name) {
  const Value* const value = find(record, name);
  return value == nullptr ? std::string_view() : value->text;
}

std::int64_t number_of(const Record& record, std::string_view name, std::int64_t otherwise) {
  const Value* const value = find(record, name);
  const bool is_number = value != nullptr && value->kind >= ValueKind::kInt &&
                         value->kind <= ValueKind::kTime && value->kind != ValueKind::kReal;
  return is_number ? value->number : otherwise;
}

bool is_hex(std::string_view text, std::size_t bytes) {
  return text.size() == 2 * bytes && unhex(text).has_value();
}

void put_text(Batch& batch, std::uint16_t column, const schema::Column& shape, const Value& value) {
  std::string shown;
  event::append_text(shown, value);
  const std::string_view text =
      value.text.empty() || value.kind == ValueKind::kBinary ? shown : value.text;
  if (shape.storage == schema::Storage::kHex) {
    if (is_hex(text, shape.hex_bytes)) {
      batch.set_text(column, to_ascii_lower(text));
    }
  } else if (shape.type != schema::Type::kDynamic || value.kind == ValueKind::kJson) {
    batch.set_text(column, text);
  } else if (const auto parsed = json::parse(text)) {
    batch.set_text(column, parsed->dump());
  }
}

void put(Batch& batch, std::uint16_t column, const schema::Column& shape, const Value& value) {
  const bool is_number = value.kind >= ValueKind::kInt && value.kind <= ValueKind::kTime &&
                         value.kind != ValueKind::kReal;
  switch (shape.type) {
    case schema::Type::kInt:
      if (is_number && value.number >= std::numeric_limits<std::int32_t>::min() &&
          value.number <= std::numeric_limits<std::int32_t>::max()) {
        batch.set_number(column, value.number);
      }
      break;
    case schema::Type::kLong:
      if (is_number) {
        batch.set_number(column, value.number);
      }
      break;
    case schema::Type::kBool:
      if (is_number) {
        batch.set_number(column, value.number != 0 ? 1 : 0);
      }
      break;
    case schema::Type::kDateTime:
      if (value.kind == ValueKind::kTime) {
        batch.set_number(column, value.number);
      } else if (const auto time = parse_iso_ticks(value.text)) {
        batch.set_number(column, *time);
      }
      break;
    case schema::Type::kReal:
      if (value.kind == ValueKind::kReal) {
        batch.set_real(column, value.real);
      }
      break;
    case schema::Type::kString:
    case schema::Type::kDynamic:
      if (shape.storage != schema::Storage::kKeys && shape.storage != schema::Storage::kStrings) {
        put_text(batch, column, shape, value);
      }
      break;
    default:
      break;
  }
}

/// The acting process as the row names it; `image` must outlive what is returned.
ProcessEvidence acting_of(const Record& record) {
  ProcessEvidence said;
  const std::int64_t pid = number_of(record, "InitiatingProcessId", -1);
  said.pid = pid > 0 ? pid : -1;
  said.image = text_of(record, "InitiatingProcessFolderPath");
  if (said.image.empty()) {
    said.image = text_of(record, "InitiatingProcessFileName");
  }
  said.command_line = text_of(record, "InitiatingProcessCommandLine");
  said.account_domain = text_of(record, "InitiatingProcessAccountDomain");
  said.account_name = text_of(record, "InitiatingProcessAccountName");
  said.account_sid = text_of(record, "InitiatingProcessAccountSid");
  said.sha1 = text_of(record, "InitiatingProcessSHA1");
  said.sha256 = text_of(record, "InitiatingProcessSHA256");
  said.md5 = text_of(record, "InitiatingProcessMD5");
  return said;
}

ProcessEvidence created_of(const Record& record) {
  ProcessEvidence about;
  const std::int64_t pid = number_of(record, "ProcessId", -1);
  about.pid = pid > 0 ? pid : -1;
  about.image = text_of(record, "FolderPath");
  if (about.image.empty()) {
    about.image = text_of(record, "FileName");
  }
  about.command_line = text_of(record, "ProcessCommandLine");
  about.account_domain = text_of(record, "AccountDomain");
  about.account_name = text_of(record, "AccountName");
  about.account_sid = text_of(record, "AccountSid");
  about.sha1 = text_of(record, "SHA1");
  about.sha256 = text_of(record, "SHA256");
  about.md5 = text_of(record, "MD5");
  about.integrity_level = text_of(record, "ProcessIntegrityLevel");
  about.token_elevation = text_of(record, "ProcessTokenElevation");
  return about;
}

void set_if(Batch& batch, const schema::Table& table, std::string_view name, std::int64_t value) {
  if (const auto column = table.find(name)) {
    batch.set_number(*column, value);
  }
}

/// Starts a row with what every table has of its origin.
Batch& begin(const Record& record, const HuntingContext& context, const schema::Table& table,
             event::Rows& rows) {
  const auto id = static_cast<std::size_t>(&table - schema::tables().data());
  Batch& batch = rows[static_cast<TableId>(id)];
  batch.begin_row();
  set_if(batch, table, "Timestamp", record.time);
  set_if(batch, table, "EventId", context.identity.event_id);
  set_if(batch, table, "IngestTime", context.ingest_time);
  set_if(batch, table, "RetentionClass", context.retention_class);
  set_if(batch, table, "MappingVersion", kVersion);
  if (const auto column = table.find("DeviceId")) {
    batch.set_text(*column, context.identity.device_id);
  }
  if (const auto column = table.find("DeviceName")) {
    batch.set_text(*column, context.identity.device_name);
  }
  return batch;
}

struct Processes {
  ProcessEvidence said;
  ProcessView subject;
  ProcessView acting;
};

Processes processes_of(const Record& record, const HuntingContext& context) {
  Processes found;
  found.said = acting_of(record);
  const ProcessEvidence about = created_of(record);
  if (text_of(record, "ActionType") == "ProcessCreated" && about.pid > 0) {
    const Ticks start = number_of(record, "ProcessCreationTime", record.time);
    found.subject = context.processes.start(about, start, found.said);
    found.subject.start = start;
  } else if (about.pid > 0) {
    found.subject = context.processes.resolve(about, record.time);
  }
  if (found.said.pid > 0) {
    found.acting = context.processes.resolve(found.said, record.time);
  }
  return found;
}

void add_timeline_row(const Record& record, const HuntingContext& context, const Words& words,
                      const Processes& processes, event::Rows& rows) {
  namespace c = schema::device_timeline;
  const schema::Table& table = *schema::find_table("DeviceTimeline");
  Batch& batch = begin(record, context, table, rows);
  const auto first = [&](std::string_view one, std::string_view other) {
    const std::string_view text = text_of(record, one);
    return text.empty() && !other.empty() ? text_of(record, other) : text;
  };
  std::string account(text_of(record, "InitiatingProcessAccountDomain"));
  const std::string_view name = text_of(record, "InitiatingProcessAccountName");
  account =
      account.empty() || name.empty() ? std::string(name) : account + "\\" + std::string(name);
  batch.set_text(c::kTable, words.table);
  batch.set_text(c::kActionType, text_of(record, "ActionType"));
  batch.set_text(c::kGroup, words.group);
  const std::string_view actor = text_of(record, "InitiatingProcessFileName");
  batch.set_text(c::kActor, actor.empty() ? std::string_view(account) : actor);
  batch.set_text(c::kAccount, account);
  batch.set_text(c::kTitle, first(words.title, words.other_title));
  batch.set_text(c::kDetail, text_of(record, words.detail));
  batch.set_text(c::kSource, record.channel);
  batch.set_number(c::kProcessKey, processes.subject.key);
  batch.set_number(c::kInitiatingProcessKey, processes.acting.key);
  if (processes.acting.ancestor_count != 0) {
    batch.set_keys(c::kAncestors, processes.acting.ancestors());
  }
}

void add_row(const Record& record, const HuntingContext& context, const schema::Table& table,
             event::Rows& rows) {
  Batch& batch = begin(record, context, table, rows);
  const auto* const words = std::ranges::find(kWords, table.name, &Words::table);
  const bool is_event = words != std::end(kWords);
  const Processes processes = is_event ? processes_of(record, context) : Processes();
  if (is_event) {
    const auto id = static_cast<std::size_t>(&table - schema::tables().data());
    const ProcessColumns& columns = context.process_columns[id];
    columns.write_subject(batch, processes.subject, false);
    if (processes.acting.key != 0) {
      columns.write_acting(batch, processes.acting, processes.said);
    }
  }
  for (const Field& field : record.data) {
    const auto column = table.find(field.name);
    if (column && std::ranges::find(kOwn, field.name) == std::end(kOwn)) {
      put(batch, *column, table.columns[*column], field.value);
    }
  }
  if (is_event) {
    add_timeline_row(record, context, *words, processes, rows);
  }
}

}  // namespace

bool is_hunting_row(const Record& record) { return record.source_kind == "hunting"; }

bool add_hunting_rows(const Record& record, const HuntingContext& context, event::Rows& rows) {
  if (!record.channel.starts_with(kChannel)) {
    return false;
  }
  const std::string_view name = record.channel.substr(kChannel.size());
  if (name == "Alert") {
    add_row(record, context, *schema::find_table("AlertInfo"), rows);
    add_row(record, context, *schema::find_table("AlertEvidence"), rows);
    return true;
  }
  const schema::Table* const table = schema::find_table(name);
  // Spoor's own tables say what it knows, not what others do.
  const bool is_own = name == "DeviceTimeline" || name == "DeviceSourceRecords" ||
                      name == "DeviceCoverage" || name == "DeviceMarks" ||
                      name == "DeviceTechniqueEvents";
  if (table == nullptr || is_own) {
    return false;
  }
  add_row(record, context, *table, rows);
  return true;
}

}  // namespace spoor::normalize
