#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <iterator>
#include <map>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/print.h"
#include "cli/reading.h"
#include "cli/time_option.h"
#include "investigate/device_list.h"
#include "investigate/process_tree.h"
#include "investigate/timeline.h"
#include "json/writer.h"

namespace spoor::cli {
namespace {

/// Rows of a timeline page where none are asked for.
constexpr std::int64_t kPageRows = 50;

kql::Constant time_or_null(Ticks time) { return time == 0 ? kql::Constant{} : kql::Constant{time}; }

std::vector<kql::ResultColumn> device_columns() {
  using kql::Type;
  return {{"DeviceId", Type::kString},
          {"DeviceName", Type::kString},
          {"OSPlatform", Type::kString},
          {"LastSeen", Type::kDateTime},
          {"FirstSeen", Type::kDateTime}};
}

/// "12 from 2026-…Z to 2026-…Z"
std::string count_text(std::int64_t rows, Ticks first, Ticks last) {
  return fmt::format("{} from {} to {}", rows, format_ticks(first), format_ticks(last));
}

/// What `show` tells, as names and values.
std::vector<kql::Row> properties_of(const investigate::DeviceOverview& overview) {
  std::vector<kql::Row> rows;
  const auto add = [&rows](std::string property, std::string value) {
    if (!value.empty()) {
      rows.push_back({std::move(property), std::move(value)});
    }
  };
  rows.push_back({std::string("DeviceName"), overview.device.name});
  rows.push_back({std::string("OSPlatform"), overview.device.os_platform});
  std::string users;
  for (const auto& user : overview.users) {
    users += users.empty() ? "" : ", ";
    users += user.domain.empty() ? user.name : user.domain + "\\" + user.name;
  }
  add("Users", users);
  std::int64_t records = 0;
  Ticks first = kMaxTicks;
  Ticks last = kYearOne;
  for (const auto& source : overview.evidence) {
    records += source.records;
    first = std::min(first, source.first);
    last = std::max(last, source.last);
  }
  add("SourceRecords", records == 0 ? "" : count_text(records, first, last));
  std::map<std::string, std::string> tables;
  for (const auto& table : overview.tables) {
    tables[table.table] = count_text(table.rows, table.first, table.last);
  }
  for (auto& [table, value] : tables) {
    add(table, std::move(value));
  }
  return rows;
}

std::vector<kql::ResultColumn> timeline_columns() {
  using kql::Type;
  return {
      {"Timestamp", Type::kDateTime}, {"Group", Type::kString},       {"ActionType", Type::kString},
      {"Actor", Type::kString},       {"Title", Type::kString},       {"Detail", Type::kString},
      {"Account", Type::kString},     {"Techniques", Type::kDynamic}, {"Table", Type::kString},
      {"EventId", Type::kLong},       {"Cursor", Type::kString}};
}
/// On a terminal the place of the last row is enough.
constexpr std::size_t kTerminalColumns = 6;

kql::Row timeline_row(const investigate::TimelineRow& row) {
  std::string techniques;
  json::Writer list(techniques);
  list.begin_array();
  for (const std::string& each : row.techniques) {
    list.string(each);
  }
  list.end_array();
  return {row.time,  row.group,    row.action_type,       row.actor,
          row.title, row.detail,   row.account,           std::move(techniques),
          row.table, row.event_id, row.cursor().to_text()};
}

/// Pages of the service until there are so many rows, or no more.
Result<std::vector<investigate::TimelineRow>> read_timeline(
    const investigate::Views& views, investigate::TimelinePageRequest request, std::int64_t rows) {
  constexpr std::int64_t kMostOfPage = 500;
  request.newest_first = true;
  request.technique_rows = false;
  request.count_hidden = false;
  std::vector<investigate::TimelineRow> all;
  for (bool more = true; more && static_cast<std::int64_t>(all.size()) < rows;) {
    request.rows = std::min(kMostOfPage, rows - static_cast<std::int64_t>(all.size()));
    auto page = TRY(investigate::timeline_page(views, request));
    std::ranges::move(page.rows, std::back_inserter(all));
    request.cursor = page.older;
    more = page.more;
  }
  return all;
}

void print_tree_text(const investigate::ProcessTree& tree) {
  for (const auto& node : tree.nodes) {
    std::string line(static_cast<std::size_t>(node.depth) * 2, ' ');
    line += fmt::format("{} {}", node.file_name.empty() ? "(unknown)" : node.file_name,
                        node.process_id);
    line += node.started == 0 ? "" : fmt::format("  {}", format_ticks(node.started).substr(0, 23));
    line += node.is_inferred ? "  (start not recorded)" : "";
    line += node.account.empty() ? "" : fmt::format("  {}", node.account);
    line += node.command_line.empty() ? "" : fmt::format("  {}", node.command_line);
    fmt::print("{}\n", terminal_text(line));
  }
}

std::vector<kql::ResultColumn> tree_columns() {
  using kql::Type;
  return {{"Depth", Type::kLong},
          {"ProcessKey", Type::kLong},
          {"ParentKey", Type::kLong},
          {"ProcessId", Type::kLong},
          {"ProcessCreationTime", Type::kDateTime},
          {"FileName", Type::kString},
          {"Account", Type::kString},
          {"ProcessCommandLine", Type::kString},
          {"Inferred", Type::kBool}};
}

kql::Row tree_row(const investigate::ProcessNode& node) {
  kql::Row row = {std::int64_t{node.depth}, node.key, node.parent_key};
  row.push_back(node.process_id < 0 ? kql::Constant{} : kql::Constant{node.process_id});
  row.push_back(node.started == 0 ? kql::Constant{} : kql::Constant{node.started});
  row.insert(row.end(), {node.file_name, node.account, node.command_line, node.is_inferred});
  return row;
}

}  // namespace

int run_device_list(const DeviceOptions& options) {
  return with_views(options.data, [&](const investigate::Views& views) -> Result<void> {
    RowPrinter printer(options.format, device_columns());
    investigate::DeviceListRequest request;
    request.rows = 1000;
    do {
      const auto page = TRY(investigate::device_page(views, {}, request));
      for (const investigate::DeviceRow& device : page.rows) {
        const kql::Row row = {device.device_id, device.name, device.os_platform,
                              time_or_null(device.last_seen), time_or_null(device.first_seen)};
        TRY_VOID(printer.add({&row, 1}));
      }
      request.cursor = page.next;
    } while (!request.cursor.empty());
    printer.finish(false);
    return {};
  });
}

int run_device_show(const DeviceOptions& options) {
  return with_views(options.data, [&](const investigate::Views& views) -> Result<void> {
    const auto device = TRY(device_of(views, options.device));
    const auto overview = TRY(investigate::device_overview(views, device, nullptr));
    RowPrinter printer(options.format,
                       {{"Property", kql::Type::kString}, {"Value", kql::Type::kString}});
    TRY_VOID(printer.add(properties_of(overview)));
    printer.finish(false);
    return {};
  });
}

int run_device_timeline(const DeviceOptions& options) {
  return with_views(options.data, [&](const investigate::Views& views) -> Result<void> {
    investigate::TimelinePageRequest request;
    request.selection.from = TRY(time_option(options.from, kYearOne, "from"));
    request.selection.to = TRY(time_option(options.to, kMaxTicks, "to"));
    if (!options.before.empty()) {
      request.cursor = TRY(investigate::Views::Cursor::parse(options.before));
    }
    const std::int64_t rows =
        options.rows == 0 ? kPageRows : static_cast<std::int64_t>(options.rows);
    request.selection.device = TRY(device_of(views, options.device));
    const auto page = TRY(read_timeline(views, std::move(request), rows));
    const bool is_table = options.format == Format::kTable;
    std::vector<kql::ResultColumn> columns = timeline_columns();
    columns.resize(is_table ? kTerminalColumns : columns.size());
    RowPrinter printer(options.format, columns);
    for (const investigate::TimelineRow& each : page) {
      kql::Row row = timeline_row(each);
      row.resize(columns.size());
      TRY_VOID(printer.add({&row, 1}));
    }
    printer.finish(false);
    if (is_table && static_cast<std::int64_t>(page.size()) == rows) {
      fmt::print("older events: --before {}\n", page.back().cursor().to_text());
    }
    return {};
  });
}

int run_device_tree(const DeviceOptions& options) {
  return with_views(options.data, [&](const investigate::Views& views) -> Result<void> {
    investigate::ProcessTreeRequest request;
    request.depth = options.depth;
    if (options.rows != 0) {
      request.most = static_cast<std::int64_t>(options.rows);
    }
    if (!options.process.empty()) {
      const auto key = parse_int(options.process);
      if (!key) {
        return fail(ErrorCode::kInvalidInput,
                    fmt::format("--process: '{}' is no process key", options.process));
      }
      request.process_key = *key;
    }
    request.device = TRY(device_of(views, options.device));
    const investigate::ProcessTree tree = TRY(investigate::process_tree(views, request));
    if (options.format == Format::kTable) {
      print_tree_text(tree);
      if (tree.truncated) {
        std::fprintf(stderr, "There are more processes than shown (--rows).\n");
      }
      return {};
    }
    RowPrinter printer(options.format, tree_columns());
    for (const auto& node : tree.nodes) {
      const kql::Row row = tree_row(node);
      TRY_VOID(printer.add({&row, 1}));
    }
    printer.finish(tree.truncated);
    return {};
  });
}

}  // namespace spoor::cli
