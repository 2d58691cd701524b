#include "base/temp_folder.h"

#include <cstdlib>
#include <filesystem>
#include <system_error>

namespace spoor {

TempFolder::TempFolder() {
  const char* parent = std::getenv("TMPDIR");
  std::string name =
      std::string(parent != nullptr && *parent != '\0' ? parent : "/tmp") + "/spoor-XXXXXX";
  if (mkdtemp(name.data()) != nullptr) {
    path_ = name;
  }
}

TempFolder::~TempFolder() {
  if (!path_.empty()) {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
}

}  // namespace spoor
