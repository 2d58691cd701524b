#pragma once
// What earlier imports learnt of a device's processes, kept as one file a device below
// DIR/processes.

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "enrich/process_facts.h"

namespace spoor::pipeline {

class KnownProcesses {
 public:
  explicit KnownProcesses(std::string folder) : folder_(std::move(folder)) {}

  /// Facts of a device; none where it is new. A damaged file is an error that names it.
  Result<std::vector<enrich::ProcessFact>> load(const std::string& device_id) const;
  /// Takes what enrich::encode_facts made of them.
  Result<void> save(const std::string& device_id, std::string_view encoded_facts) const;
  /// Forgets a device; one that is not known is no error.
  Result<void> forget(const std::string& device_id) const;

 private:
  [[nodiscard]] std::string path_of(const std::string& device_id) const {
    return folder_ + "/" + device_id;
  }
  std::string folder_;
};

}  // namespace spoor::pipeline
