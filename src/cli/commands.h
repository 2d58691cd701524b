#pragma once
// The commands of `spoor`: what each is given, and the function that runs it. Options are parsed in
// spoor_main.cc alone. Every function returns the exit code of the process: 0 done, 1 failed, 2
// wrongly called.

#include <cstdint>
#include <string>
#include <vector>

namespace spoor::cli {

/// How rows are printed.
enum class Format : std::uint8_t { kTable = 1, kNdjson = 2, kJson = 3, kCsv = 4 };

struct ImportOptions {
  std::string data;
  std::vector<std::string> paths;
  bool json = false;
};
int run_import(const ImportOptions& options);

struct RecordsOptions {
  std::vector<std::string> paths;
};
int run_records(const RecordsOptions& options);

struct QueryOptions {
  std::string data;
  std::string text;
  std::string batch;                  ///< JSONL file of {"id","query"}; then `text` is empty
  std::vector<std::string> external;  ///< "ADDRESS=FILE": what externaldata reads
  std::string tables;                 ///< "empty": run on an empty schema, no data folder needed
  Format format = Format::kTable;
  std::uint64_t rows = 10'000;  ///< most rows printed
};
int run_query(const QueryOptions& options);

struct DeviceOptions {
  std::string data;
  std::string device;  ///< id, or a name that one device has
  std::string from;    ///< ISO time, inclusive; empty: all
  std::string to;
  std::string before;   ///< page cursor "time/event id", as the last line of a page prints it
  std::string process;  ///< process key, the tree's start; empty: the roots
  std::uint64_t rows =
      0;  ///< most rows; 0: as many as the view shows by itself (timeline 50, tree 10,000)
  int depth = 32;
  Format format = Format::kTable;
};
int run_device_list(const DeviceOptions& options);
int run_device_show(const DeviceOptions& options);
int run_device_timeline(const DeviceOptions& options);
int run_device_tree(const DeviceOptions& options);

struct SourcesOptions {
  std::string data;
  std::string device;   ///< id or name; empty: all devices
  std::string channel;  ///< of the device; empty: all its channels
  Format format = Format::kTable;
};
/// What devices send: their channels, or one channel with its events, pauses and marks.
int run_sources(const SourcesOptions& options);

struct PurgeOptions {
  std::string data;
  std::string job;
  std::string device;
};
int run_purge(const PurgeOptions& options);

struct StoreCheckOptions {
  std::string data;
};
int run_store_check(const StoreCheckOptions& options);

struct UserOptions {
  std::string data;
  std::string name;
  std::string display_name;
  std::string role;       ///< empty: as it is; for a new user it must be given
  bool generate = false;  ///< make the password, and print it
  bool lasting = false;   ///< the password need not be changed at the next sign-in
  bool disable = false;
  bool enable = false;
  bool unlock = false;
  Format format = Format::kTable;
};
int run_user_list(const UserOptions& options);
int run_user_add(const UserOptions& options);
int run_user_set(const UserOptions& options);
int run_user_remove(const UserOptions& options);
int run_user_password(const UserOptions& options);

struct TokenOptions {
  std::string data;
  std::string name;
  std::string id;
  std::string owner;
  std::vector<std::string> scopes;
  std::vector<std::string> devices;
  std::string expires;  ///< ISO time; empty: never
  Format format = Format::kTable;
};
int run_token_list(const TokenOptions& options);
int run_token_add(const TokenOptions& options);
int run_token_revoke(const TokenOptions& options);

struct AuditOptions {
  std::string data;
  std::string since;  ///< ISO time, inclusive; empty: all
  std::string until;  ///< exclusive
  std::string actor;
  std::string action;  ///< how the action starts
  std::string object;
  std::int64_t before = 0;  ///< continue below this id; 0: the newest
  int rows = 100;
  Format format = Format::kTable;
};
int run_audit(const AuditOptions& options);

struct ServeOptions {
  std::string data;
  std::string config;                 ///< TOML file; empty: see docs/configuration.md
  std::vector<std::string> settings;  ///< "--log.level", "info", …
  bool print_config = false;
  bool greet = false;
};
int run_serve(const ServeOptions& options);

struct BackupOptions {
  std::string data;
  std::string to;  ///< FILE.tar or a folder
  bool json = false;
};
int run_backup(const BackupOptions& options);

struct RestoreOptions {
  std::string from;
  std::string data;
  bool json = false;
};
int run_restore(const RestoreOptions& options);

/// Prints the reference of KQL functions as Markdown.
int run_functions();

struct SampleOptions {
  std::string folder;
  std::uint64_t records = 0;  ///< 0: the small tour
};
/// Writes sample event logs with our own EVTX writer.
int run_sample(const SampleOptions& options);

}  // namespace spoor::cli
