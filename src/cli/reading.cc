#include "cli/reading.h"

#include "cli/local_server.h"
#include "kql/exec/store_runner.h"

namespace spoor::cli {

Result<Reading> Reading::open(const std::string& data_folder) {
  Reading reading;
  if (LocalServer::find(data_folder)) {
    store::Endpoint endpoint;
    endpoint.unix_socket = data_folder + "/run/store.sock";
    endpoint.user = "hunter";
    reading.hunter_ = std::make_unique<store::Client>(std::move(endpoint));
  } else {
    reading.workspace_ = TRY(server::Workspace::open(data_folder));
  }
  return reading;
}

kql::Runner Reading::runner() const {
  return kql::store_runner(hunter_ ? *hunter_ : workspace_->hunter());
}

}  // namespace spoor::cli
