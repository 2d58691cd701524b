#pragma once
// The telemetry of a data folder for reading: through the engine of the server that has the folder
// open, else opened here.

#include <functional>
#include <memory>
#include <string>

#include "base/result.h"
#include "investigate/device_views.h"
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

/// Opens the folder, and hands its views to `show`; a failure is said. The program's exit code.
int with_views(const std::string& data_folder,
               const std::function<Result<void>(const investigate::Views&)>& show);

/// The device of an id, or of a name that one device has.
Result<investigate::DeviceKey> device_of(const investigate::Views& views,
                                         const std::string& id_or_name);

}  // namespace spoor::cli
