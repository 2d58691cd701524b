#include "server/metrics.h"

#include <fmt/format.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cstdio>
#include <optional>
#include <string_view>

#include "base/text.h"

namespace spoor::server {
namespace {

void add(std::string& out, std::string_view name, std::string_view kind, std::string_view help,
         std::uint64_t value) {
  out += fmt::format("# HELP {0} {1}\n# TYPE {0} {2}\n{0} {3}\n", name, help, kind, value);
}

/// Resident bytes of a process; 0 where it cannot be told.
std::uint64_t resident_bytes(int pid) {
  constexpr std::uint64_t kLargest = 4096;
  if (pid <= 0) {
    return 0;
  }
  // /proc files have no size, which read_file asks for.
  std::string text(kLargest, '\0');
  FILE* file = std::fopen(fmt::format("/proc/{}/statm", pid).c_str(), "re");
  if (file == nullptr) {
    return 0;
  }
  text.resize(std::fread(text.data(), 1, text.size(), file));
  std::fclose(file);
  const auto words = split(trim_blanks(text), ' ');
  const auto pages = words.size() > 1 ? parse_int(words[1]) : std::nullopt;
  return static_cast<std::uint64_t>(pages.value_or(0)) *
         static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

}  // namespace

void write_server_metrics(std::string& out, const ServerCounters& counters) {
  const auto& intake = counters.intake;
  add(out, "spoor_engine_up", "gauge", "1 where the telemetry engine answers",
      counters.engine_answers ? 1 : 0);
  add(out, "spoor_engine_restarts_total", "counter", "Ends of the telemetry engine",
      static_cast<std::uint64_t>(counters.engine_restarts));
  add(out, "spoor_engine_resident_bytes", "gauge", "Memory of the telemetry engine",
      resident_bytes(counters.engine_pid));
  add(out, "spoor_process_resident_bytes", "gauge", "Memory of the server",
      resident_bytes(getpid()));
  add(out, "spoor_intake_requests_total", "counter", "Requests of collectors", intake.requests);
  add(out, "spoor_intake_requests_not_taken_total", "counter",
      "Requests of collectors that were told to come again", intake.requests_not_taken);
  add(out, "spoor_intake_records_total", "counter", "Records of collectors", intake.records);
  add(out, "spoor_intake_stored_total", "counter", "Records that were new", intake.stored);
  add(out, "spoor_intake_duplicates_total", "counter", "Records that were known already",
      intake.duplicates);
  add(out, "spoor_intake_refused_total", "counter",
      "Records of devices that their sender may not speak for", intake.refused);
  add(out, "spoor_intake_commits_total", "counter", "Batches written", intake.commits);
  add(out, "spoor_intake_queued_bytes", "gauge", "Bytes of requests that wait",
      intake.queued_bytes);
  add(out, "spoor_password_hashes_total", "counter", "Passwords checked or set",
      counters.password_hashes);
  struct statvfs disk{};
  if (statvfs(counters.data_folder.c_str(), &disk) == 0) {
    add(out, "spoor_disk_free_bytes", "gauge", "Free space of the data folder's disk",
        static_cast<std::uint64_t>(disk.f_bavail) * disk.f_frsize);
  }
}

}  // namespace spoor::server
