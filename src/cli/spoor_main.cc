// `spoor`: one program, one sub-command a job. This file turns arguments into option structs and
// nothing else.

#include <CLI/CLI.hpp>
#include <functional>

#include "base/version.h"
#include "cli/commands.h"
#include "ingest/sandbox/parse_in_child.h"
#include "schema/gen/permissions.h"

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

std::vector<std::string> names_of_roles() {
  std::vector<std::string> names;
  for (const spoor::schema::RoleInfo& role : spoor::schema::roles()) {
    names.emplace_back(role.name);
  }
  return names;
}

std::vector<std::string> names_of_scopes() {
  std::vector<std::string> names;
  for (const spoor::schema::TokenScopeInfo& scope : spoor::schema::token_scopes()) {
    names.emplace_back(scope.name);
  }
  return names;
}

/// One command of `spoor admin user`, `token` or `audit`: its options, and what it runs.
template <class Options>
CLI::App& add_command(CLI::App& parent, const char* name, const char* about, Options& options,
                      int (*run)(const Options&), std::function<int()>& chosen) {
  CLI::App& command = *parent.add_subcommand(name, about);
  add_data(command, options.data)->required();
  command.callback([&options, &chosen, run] { chosen = [&options, run] { return run(options); }; });
  return command;
}

void add_user_commands(CLI::App& admin, UserOptions& user, std::function<int()>& chosen) {
  CLI::App& group = *admin.add_subcommand("user", "Who may sign in");
  group.require_subcommand(1);
  add_format(add_command(group, "list", "All users", user, run_user_list, chosen), user.format);
  CLI::App& add = add_command(group, "add", "Add a user; the password is read, never an argument",
                              user, run_user_add, chosen);
  CLI::App& set = add_command(group, "set", "Change a user", user, run_user_set, chosen);
  CLI::App& remove = add_command(group, "remove", "Remove a user, its sessions and its tokens",
                                 user, run_user_remove, chosen);
  CLI::App& password = add_command(group, "password", "Give a user another password", user,
                                   run_user_password, chosen);
  for (CLI::App* command : {&add, &set, &remove, &password}) {
    command->add_option("name", user.name, "Name, as typed at sign-in")->required();
  }
  for (CLI::App* command : {&add, &set}) {
    CLI::Option* role = command->add_option("--role", user.role, "What the user is")
                            ->check(CLI::IsMember(names_of_roles()));
    role->required(command == &add);
    command->add_option("--display-name", user.display_name, "Name, as shown");
  }
  for (CLI::App* command : {&add, &password}) {
    command->add_flag("--generate", user.generate, "Make a password and print it");
    command->add_flag("--lasting", user.lasting, "It need not be changed at the next sign-in");
  }
  CLI::Option* disable = set.add_flag("--disable", user.disable, "No sign-in; ends sessions");
  set.add_flag("--enable", user.enable, "Sign-in again")->excludes(disable);
  set.add_flag("--unlock", user.unlock, "Forget wrong passwords");
}

void add_token_commands(CLI::App& admin, TokenOptions& token, std::function<int()>& chosen) {
  CLI::App& group = *admin.add_subcommand("token", "API tokens");
  group.require_subcommand(1);
  add_format(add_command(group, "list", "All tokens", token, run_token_list, chosen), token.format);
  CLI::App& add =
      add_command(group, "add", "Make a token and print it, once", token, run_token_add, chosen);
  add.add_option("name", token.name, "What it is for")->required();
  add.add_option("--owner", token.owner, "User whose rights bound it")->required();
  add.add_option("--scope", token.scopes, "What it may do; may be given again")
      ->check(CLI::IsMember(names_of_scopes()))
      ->required();
  add.add_option("--device", token.devices,
                 "Device that it speaks for, or \"all\"; may be given again");
  add.add_option("--expires", token.expires, "When it ends, ISO 8601");
  add_command(group, "revoke", "End a token", token, run_token_revoke, chosen)
      .add_option("id", token.id, "Id of the token")
      ->required();
}

void add_audit_command(CLI::App& admin, AuditOptions& audit, std::function<int()>& chosen) {
  CLI::App& command =
      add_command(admin, "audit", "Who did what, the newest first", audit, run_audit, chosen);
  add_format(command, audit.format);
  command.add_flag_callback(
      "--json", [&audit] { audit.format = Format::kNdjson; }, "Short for --format ndjson");
  command.add_option("--since", audit.since, "Earliest time, ISO 8601");
  command.add_option("--until", audit.until, "Time to end before, ISO 8601");
  command.add_option("--actor", audit.actor, "Who, exactly");
  command.add_option("--action", audit.action, "How the action starts, such as user.");
  command.add_option("--object", audit.object, "What it was done to, exactly");
  command.add_option("--before", audit.before, "Continue below this id");
  command.add_option("--rows", audit.rows, "Most entries (100)")->check(CLI::Range(1, 1'000'000));
}

}  // namespace

int main(int argc, char** argv) {
  spoor::ingest::sandbox::run_if_child(argc, argv);
  CLI::App app{"Spoor: what happened on a device, how far it went, what to do"};
  app.require_subcommand(1);
  app.set_version_flag("--version", "spoor " + std::string(spoor::version()));
  std::function<int()> chosen;

  ImportOptions import;
  CLI::App& import_command = *app.add_subcommand("import", "Read event logs into a data folder");
  add_data(import_command, import.data)->required();
  import_command.add_flag("--json", import.json, "End with one line of JSON");
  import_command
      .add_option("paths", import.paths, "Files and folders; .gz .zst .zip .tar.gz are opened")
      ->required();
  import_command.callback([&] { chosen = [&] { return run_import(import); }; });

  ServeOptions serve;
  CLI::App& serve_command = *app.add_subcommand(
      "serve", "Serve a data folder; each setting of docs/configuration.md is a flag too");
  add_data(serve_command, serve.data)->required();
  serve_command.add_option("--config", serve.config, "TOML file of settings");
  serve_command.add_flag("--print-config", serve.print_config,
                         "Print what holds and where it comes from, and end");
  serve_command.add_flag("--greet", serve.greet,
                         "Print address, fingerprint and one-time password, terminal or not");
  serve_command.allow_extras();
  serve_command.callback([&] {
    serve.settings = serve_command.remaining();
    chosen = [&] { return run_serve(serve); };
  });

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
  query_command.add_option("--external", query.external,
                           "ADDRESS=FILE: what externaldata reads for an address; may be repeated");
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

  SourcesOptions sources;
  CLI::App& sources_command =
      *app.add_subcommand("sources", "What devices send, and what is missing");
  add_data(sources_command, sources.data)->required();
  add_format(sources_command, sources.format);
  CLI::Option* of_device = sources_command.add_option("device", sources.device, "Id or name");
  sources_command.add_option("--channel", sources.channel, "One channel of the device, in detail")
      ->needs(of_device);
  sources_command.callback([&] { chosen = [&] { return run_sources(sources); }; });

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
  BackupOptions backup;
  CLI::App& backup_command =
      add_command(admin, "backup", "Copy a data folder, in use or not", backup, run_backup, chosen);
  backup_command.add_option("--to", backup.to, "FILE.tar, or a new folder")->required();
  backup_command.add_flag("--json", backup.json, "End with one line of JSON");
  RestoreOptions restore;
  CLI::App& restore_command =
      add_command(admin, "restore", "Make a data folder of a backup", restore, run_restore, chosen);
  restore_command.add_option("--from", restore.from, "The backup")->required();
  restore_command.add_flag("--json", restore.json, "End with one line of JSON");
  admin.add_subcommand("functions", "Reference of KQL functions, as Markdown")->callback([&] {
    chosen = run_functions;
  });
  UserOptions user;
  add_user_commands(admin, user, chosen);
  TokenOptions token;
  add_token_commands(admin, token, chosen);
  AuditOptions audit;
  add_audit_command(admin, audit, chosen);
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
