#pragma once
// Devices that an import has begun to store records of and not yet repaired, kept as one file an
// import beside what is known of processes. An import that was cut off leaves its file behind, so
// that the next one which sees those devices repairs them though it stores nothing new.

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace spoor::pipeline {

/// Of one import; belongs to its thread.
class UnrepairedDevices {
 public:
  /// Reads what imports that were cut off have left in `folder`.
  static Result<UnrepairedDevices> open(const std::string& folder, std::string_view job_id);
  /// Forgets what an import left: its records are gone.
  static Result<void> forget(const std::string& folder, std::string_view job_id);

  /// A device that this import stores records of.
  void add(std::string_view device_id);
  /// All that were added are on disk on return. To be called before their rows are stored.
  Result<void> save();
  /// Devices of this import that others have left to be repaired.
  [[nodiscard]] const std::set<std::string, std::less<>>& left_by_others() const { return taken_; }
  /// All devices of this import are repaired: its file goes, and those of imports that were cut off
  /// and had no other devices.
  Result<void> settle();

 private:
  struct Left {
    std::string path;
    std::set<std::string, std::less<>> devices;
  };
  std::string path_;
  std::vector<Left> left_;
  std::set<std::string, std::less<>> own_;
  std::set<std::string, std::less<>> taken_;
  std::string unsaved_;
};

}  // namespace spoor::pipeline
