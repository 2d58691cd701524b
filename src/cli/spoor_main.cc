// `spoor`: one program, one sub-command a job. This file turns arguments into option structs and
// nothing else.

#include <CLI/CLI.hpp>
#include <functional>

#include "cli/commands.h"
#include "ingest/sandbox/parse_in_child.h"

namespace {

using namespace spoor::cli;

const std::map<std::string, Format> kFormats = {{"table", Format::kTable},
                                                {"ndjson", Format::kNdjson},
                                                {"json", Format::kJson},
                                                {"csv", Format::kCsv}};

CLI::Option* add_data(CLI::App& command, std::string& data) {
  return command.add_option("--data", data, "Data folder (one folder is one workspace)")
      ->envname("SPOOR_DATA");
}

void add_format(CLI::App& command, Format& format) {
  command.add_option("--format", format, "table, ndjson, json or csv")
      ->transform(CLI::CheckedTransformer(kFormats, CLI::ignore_case));
}

}  // namespace

int main(int argc, char** argv) {
  spoor::ingest::sandbox::run_if_child(argc, argv);
  CLI::App app{"Spoor: what happened on a device, how far it went, what to do"};
  app.require_subcommand(1);
  app.set_version_flag("--version", "spoor 0.1.0");
  std::function<int()> chosen;

  ImportOptions import;
  CLI::App& import_command = *app.add_subcommand("import", "Read event logs into a data folder");
  add_data(import_command, import.data)->required();
  import_command.add_flag("--json", import.json, "End with one line of JSON");
  import_command
      .add_option("paths", import.paths, "Files and folders; .gz .zst .zip .tar.gz are opened")
      ->required();
  import_command.callback([&] { chosen = [&] { return run_import(import); }; });

  RecordsOptions records;
  CLI::App& records_command =
      *app.add_subcommand("records", "Print the records of event logs as NDJSON");
  records_command.add_option("paths", records.paths, "Files and folders")->required();
  records_command.callback([&] { chosen = [&] { return run_records(records); }; });

  QueryOptions query;
  CLI::App& query_command = *app.add_subcommand("query", "Ask in KQL");
  add_data(query_command, query.data);
  add_format(query_command, query.format);
  query_command.add_option("--batch", query.batch,
                           "File with one {\"id\",\"query\"} a line; answers are JSON lines");
  query_command.add_option("--rows", query.rows, "Most rows to print");
  query_command.add_option("--tables", query.tables, "empty: run on an empty schema")
      ->check(CLI::IsMember({"empty"}));
  query_command.add_option("kql", query.text, "The query");
  query_command.callback([&] { chosen = [&] { return run_query(query); }; });

  DeviceOptions device;
  CLI::App& device_command = *app.add_subcommand("device", "Look at devices");
  device_command.require_subcommand(1);
  const auto device_view = [&](const char* name, const char* about,
                               int (*run)(const DeviceOptions&)) -> CLI::App& {
    CLI::App& command = *device_command.add_subcommand(name, about);
    add_data(command, device.data)->required();
    add_format(command, device.format);
    command.callback([&device, &chosen, run] { chosen = [&device, run] { return run(device); }; });
    return command;
  };
  device_view("list", "All devices, the last seen first", run_device_list);
  CLI::App& show =
      device_view("show", "One device: names, times, counts by table", run_device_show);
  show.add_option("device", device.device, "Id or name")->required();
  CLI::App& timeline =
      device_view("timeline", "Events of a device, the newest first", run_device_timeline);
  timeline.add_option("device", device.device, "Id or name")->required();
  timeline.add_option("--from", device.from, "Earliest time, ISO 8601");
  timeline.add_option("--to", device.to, "Latest time, ISO 8601");
  timeline.add_option("--before", device.before, "Continue after this row: time/event id");
  timeline.add_option("--rows", device.rows, "Rows a page (50)");
  CLI::App& tree = device_view("tree", "Processes of a device as a tree", run_device_tree);
  tree.add_option("device", device.device, "Id or name")->required();
  tree.add_option("--process", device.process, "Start at this process key");
  tree.add_option("--depth", device.depth, "Most generations below the start");
  tree.add_option("--rows", device.rows, "Most processes (10,000)");

  CLI::App& admin = *app.add_subcommand("admin", "Look after a data folder");
  admin.require_subcommand(1);
  PurgeOptions purge;
  CLI::App& purge_command =
      *admin.add_subcommand("purge", "Remove what a job brought, or all of a device");
  add_data(purge_command, purge.data)->required();
  auto* by_job = purge_command.add_option("--job", purge.job, "Import job");
  purge_command.add_option("--device", purge.device, "Device id")->excludes(by_job);
  purge_command.callback([&] { chosen = [&] { return run_purge(purge); }; });
  StoreCheckOptions check;
  CLI::App& store_command = *admin.add_subcommand("store", "The telemetry store");
  store_command.require_subcommand(1);
  CLI::App& check_command =
      *store_command.add_subcommand("check", "Compare the store with the schema and itself");
  add_data(check_command, check.data)->required();
  check_command.callback([&] { chosen = [&] { return run_store_check(check); }; });
  admin.add_subcommand("functions", "Reference of KQL functions, as Markdown")->callback([&] {
    chosen = run_functions;
  });
  SampleOptions sample;
  CLI::App& sample_command =
      *admin.add_subcommand("sample", "Write sample event logs into a folder");
  sample_command.add_option("folder", sample.folder, "Folder to write to")->required();
  sample_command.add_option("--records", sample.records,
                            "Write a dense log of about this many records instead");
  sample_command.callback([&] { chosen = [&] { return run_sample(sample); }; });

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  return chosen();
}
