#include "cli/reading.h"

#include "cli/failure.h"
#include "cli/local_server.h"
#include "investigate/device_list.h"
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

int with_views(const std::string& data_folder,
               const std::function<Result<void>(const investigate::Views&)>& show) {
  const auto reading = Reading::open(data_folder);
  if (!reading) {
    return say_failure(reading.error());
  }
  const investigate::Views views(reading->runner(), {});
  if (const auto shown = show(views); !shown) {
    return say_failure(shown.error());
  }
  return 0;
}

Result<investigate::DeviceKey> device_of(const investigate::Views& views,
                                         const std::string& id_or_name) {
  return investigate::device_key(views.scope(), TRY(investigate::device_named(views, id_or_name)));
}

}  // namespace spoor::cli
