#include "ingest/winlog/hunting_table.h"

#include <algorithm>

namespace spoor::winlog {
namespace {

using json::Dynamic;

struct Action {
  std::string_view prefix;  ///< of the action type
  std::string_view table;
};

/// The action types of the tables that have few; what begins otherwise is DeviceEvents'.
constexpr Action kActions[] = {
    {"ProcessCreated", "DeviceProcessEvents"},
    {"FileCreated", "DeviceFileEvents"},
    {"FileModified", "DeviceFileEvents"},
    {"FileDeleted", "DeviceFileEvents"},
    {"FileRenamed", "DeviceFileEvents"},
    {"Registry", "DeviceRegistryEvents"},
    {"Logon", "DeviceLogonEvents"},
    {"ImageLoaded", "DeviceImageLoadEvents"},
    {"Connection", "DeviceNetworkEvents"},
    {"InboundConnection", "DeviceNetworkEvents"},
    {"ListeningConnection", "DeviceNetworkEvents"},
    {"NetworkSignature", "DeviceNetworkEvents"},
    {"DnsConnection", "DeviceNetworkEvents"},
    {"HttpConnection", "DeviceNetworkEvents"},
    {"SslConnection", "DeviceNetworkEvents"},
    {"InboundInternet", "DeviceNetworkEvents"},
};

bool says_something(const Dynamic& value) {
  return !value.is_null() && !(value.as_string() != nullptr && value.as_string()->empty());
}

const schema::Table* by_columns(const Dynamic& row) {
  const schema::Table* best = nullptr;
  std::size_t most = 0;
  for (const schema::Table& table : schema::tables()) {
    // Spoor's own tables are not handed over, and what is known of software is no event.
    if (table.name.starts_with("DeviceTvm") || table.name.starts_with("DeviceBaseline") ||
        !table.find("Timestamp")) {
      continue;
    }
    const auto known = static_cast<std::size_t>(
        std::ranges::count_if(*row.as_object(), [&](const json::Member& member) {
          return says_something(member.value) && table.find(plain_column(member.name)).has_value();
        }));
    const bool is_narrower = best != nullptr && table.columns.size() < best->columns.size();
    if (known > most || (known == most && known != 0 && is_narrower)) {
      best = &table;
      most = known;
    }
  }
  return most >= 3 ? best : nullptr;
}

}  // namespace

std::string_view plain_column(std::string_view name) {
  for (const std::string_view more :
       {" [UTC]", "_string", "_long", "_int", "_dynamic", "_datetime", "_bool", "_real"}) {
    if (name.ends_with(more)) {
      return name.substr(0, name.size() - more.size());
    }
  }
  return name;
}

const schema::Table* table_named(std::string_view name) {
  constexpr std::string_view kCategory = "AdvancedHunting-";
  if (name.starts_with(kCategory)) {
    name.remove_prefix(kCategory.size());
  }
  return schema::find_table(name.ends_with("_CL") ? name.substr(0, name.size() - 3) : name);
}

const schema::Table* table_of_row(const Dynamic& row) {
  for (const std::string_view name : {"$table", "Type", "TableName", "SourceTable", "category"}) {
    if (const schema::Table* const table = table_named(row[name].text_or(""))) {
      return table;
    }
  }
  const std::string_view action = row["ActionType"].text_or("");
  if (!action.empty()) {
    const auto* const known = std::ranges::find_if(
        kActions, [&](const Action& each) { return action.starts_with(each.prefix); });
    return schema::find_table(known == std::end(kActions) ? "DeviceEvents" : known->table);
  }
  return by_columns(row);
}

}  // namespace spoor::winlog
