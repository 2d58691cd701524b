#include "cli/state_folder.h"

#include "base/file.h"

namespace spoor::cli {

Result<std::unique_ptr<state::State>> open_state(const std::string& folder, bool make) {
  const std::string path = folder + "/state.sqlite";
  if (make) {
    TRY_VOID(make_folders(folder));
  } else if (!file_size(path)) {
    return fail(Error::make(ErrorCode::kNotFound, "this is no data folder").at(folder));
  }
  return state::State::open(path);
}

}  // namespace spoor::cli
