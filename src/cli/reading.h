#pragma once
// The telemetry of a data folder for reading: through the engine of the server that has the folder
// open, else opened here.

#include <memory>
#include <string>

#include "base/result.h"
#include "kql/exec/executor.h"
#include "server/workspace.h"
#include "store/client.h"

namespace spoor::cli {

class Reading {
 public:
  static Result<Reading> open(const std::string& data_folder);
  /// Runs single reads alone. Lives as long as this.
  [[nodiscard]] kql::Runner runner() const;

 private:
  std::unique_ptr<server::Workspace> workspace_;  ///< where no server has the folder
  std::unique_ptr<store::Client> hunter_;         ///< where one has
};

}  // namespace spoor::cli
