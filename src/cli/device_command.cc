#include <fmt/format.h>

#include <cstdio>
#include <functional>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/failure.h"
#include "cli/print.h"
#include "cli/reading.h"
#include "cli/time_option.h"
#include "investigate/device_views.h"
#include "investigate/process_tree.h"
#include "json/writer.h"

namespace spoor::cli {
namespace {

/// Rows of a timeline page where none are asked for.
constexpr std::int64_t kPageRows = 50;

/// Opens the folder, and hands the views to `show`.
int with_views(const DeviceOptions& options,
               const std::function<Result<void>(const investigate::Views&)>& show) {
  const auto reading = Reading::open(options.data);
  if (!reading) {
    return say_failure(reading.error());
  }
  const investigate::Views views(reading->runner(), {});
  if (const auto shown = show(views); !shown) {
    return say_failure(shown.error());
  }
  return 0;
}

Result<void> print(const DeviceOptions& options, const kql::QueryResult& result,
                   const std::vector<kql::Row>& rows) {
  RowPrinter printer(options.format, result.columns);
  TRY_VOID(printer.add(rows));
  printer.finish(result.truncated);
  return {};
}

investigate::Views::OnRows collect(std::vector<kql::Row>& rows) {
  return [&rows](std::span<const kql::Row> part) -> Result<void> {
    rows.insert(rows.end(), part.begin(), part.end());
    return {};
  };
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
  return with_views(options, [&](const investigate::Views& views) -> Result<void> {
    std::vector<kql::Row> rows;
    const auto result = TRY(views.devices(collect(rows)));
    return print(options, result, rows);
  });
}

int run_device_show(const DeviceOptions& options) {
  return with_views(options, [&](const investigate::Views& views) -> Result<void> {
    std::vector<kql::Row> rows;
    const std::string device = TRY(views.find_device(options.device));
    const auto result = TRY(views.device(device, collect(rows)));
    return print(options, result, rows);
  });
}

int run_device_timeline(const DeviceOptions& options) {
  return with_views(options, [&](const investigate::Views& views) -> Result<void> {
    investigate::Views::TimelineRequest request;
    request.from = TRY(time_option(options.from, kYearOne, "from"));
    request.to = TRY(time_option(options.to, kMaxTicks, "to"));
    if (!options.before.empty()) {
      request.before = TRY(investigate::Views::Cursor::parse(options.before));
    }
    request.rows = options.rows == 0 ? kPageRows : static_cast<std::int64_t>(options.rows);
    request.device_id = TRY(views.find_device(options.device));
    std::vector<kql::Row> rows;
    auto result = TRY(views.timeline(request, collect(rows)));
    const std::size_t time = 0;
    const std::size_t event_id = result.columns.size() - 1;
    std::string last;
    result.columns.push_back({"Cursor", kql::Type::kString});
    for (kql::Row& row : rows) {
      last = investigate::Views::Cursor{std::get<std::int64_t>(row[time]),
                                        std::get<std::int64_t>(row[event_id])}
                 .to_text();
      row.push_back(last);
    }
    if (options.format == Format::kTable) {
      // On a terminal the place of the last row is enough.
      result.columns.resize(5 + 1);
      for (kql::Row& row : rows) {
        row.resize(5 + 1);
      }
    }
    TRY_VOID(print(options, result, rows));
    if (options.format == Format::kTable && rows.size() == static_cast<std::size_t>(request.rows)) {
      fmt::print("older events: --before {}\n", last);
    }
    return {};
  });
}

int run_device_tree(const DeviceOptions& options) {
  return with_views(options, [&](const investigate::Views& views) -> Result<void> {
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
    request.device =
        TRY(investigate::device_key(views.scope(), TRY(views.find_device(options.device))));
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
