#pragma once
// A folder that lives as long as its owner: for tests and for work that must leave nothing behind.

#include <string>

namespace spoor {

class TempFolder {
 public:
  /// Makes a new empty folder below $TMPDIR (else /tmp), readable by its owner alone; path() is
  /// empty where that failed.
  TempFolder();
  /// Removes the folder and what is in it (links themselves, not what they point to).
  ~TempFolder();
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;

  [[nodiscard]] const std::string& path() const { return path_; }
  /// Path of `name` inside the folder.
  [[nodiscard]] std::string operator/(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

}  // namespace spoor
