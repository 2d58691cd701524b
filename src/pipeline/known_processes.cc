#include "pipeline/known_processes.h"

#include <unistd.h>

#include <cerrno>

#include "base/file.h"
#include "enrich/process_fact_codec.h"

namespace spoor::pipeline {

Result<std::vector<enrich::ProcessFact>> KnownProcesses::load(const std::string& device_id) const {
  constexpr std::uint64_t kMostBytes = 4ULL << 30;
  const auto bytes = read_file(path_of(device_id), kMostBytes);
  if (!bytes && bytes.error().code == ErrorCode::kNotFound) {
    return std::vector<enrich::ProcessFact>{};
  }
  if (!bytes) {
    return fail(bytes.error());
  }
  auto facts = enrich::decode_facts(*bytes);
  if (!facts) {
    return fail(std::move(facts.error()).at(path_of(device_id)));
  }
  return facts;
}

Result<void> KnownProcesses::save(const std::string& device_id,
                                  std::string_view encoded_facts) const {
  TRY_VOID(make_folders(folder_));
  return write_file_atomically(path_of(device_id), encoded_facts);
}

Result<void> KnownProcesses::forget(const std::string& device_id) const {
  const std::string path = path_of(device_id);
  if (unlink(path.c_str()) != 0 && errno != ENOENT) {
    return fail(system_error("cannot remove", path, errno));
  }
  return {};
}

}  // namespace spoor::pipeline
