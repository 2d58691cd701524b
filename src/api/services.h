#pragma once
// What the API calls: references to the services that the composition has made. All must outlive
// the routes.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/ticks.h"

namespace spoor::state {
class State;
}
namespace spoor::store {
class Appender;
class Client;
}  // namespace spoor::store
namespace spoor::auth {
class Accounts;
class Authenticator;
struct Caller;
class TokenDesk;
}  // namespace spoor::auth
namespace spoor::kql {
class KeptAnswers;
}
namespace spoor::pipeline {
class ImportJobs;
class LiveIntake;
class Uploads;
}  // namespace spoor::pipeline

namespace spoor::api {

struct Ongoing;

/// One part of the server that must work for it to be ready.
struct ReadinessCheck {
  std::string name;
  bool is_ok = false;
  std::string detail;  ///< for the operator; no secrets, no paths
};

/// A setting as the server runs with it. Never a secret.
struct EffectiveSetting {
  std::string key, value;
  std::string origin;  ///< default, changed, file, environment, flag
  std::string doc;
  bool is_changeable = false;    ///< through the API, now
  std::string changed_by;        ///< who did so last, as the audit log names them; empty: nobody
  std::optional<Ticks> changed;  ///< when
};

/// What anybody may know of the server.
struct Welcome {
  bool is_first_run = false;
  std::string certificate_fingerprint;  ///< "AB:CD:…"; empty without TLS
};

struct Services {
  state::State& state;
  auth::Authenticator& authenticator;
  auth::Accounts& accounts;
  auth::TokenDesk& tokens;
  const store::Client& hunter;  ///< may run single reads alone: for everything that a person asks
  const store::Client& owner;   ///< may write; used to end a running statement
  store::Appender& appender;    ///< for marks
  pipeline::Uploads& uploads;
  pipeline::ImportJobs& imports;
  pipeline::LiveIntake& intake;
  Ongoing& ongoing;
  kql::KeptAnswers* answers = nullptr;  ///< of the views; null: each is read anew

  std::function<std::vector<ReadinessCheck>()> readiness;  ///< empty: always ready
  std::function<std::string()> metrics;                    ///< Prometheus text; empty: none
  std::function<bool(std::string_view)>
      is_metrics_token;              ///< a bearer that may read /metrics alone; may be empty
  std::function<Welcome()> welcome;  ///< may be empty
  std::function<Result<std::vector<EffectiveSetting>>()> settings;  ///< may be empty
  /// Changes a setting, or takes the change back where there is no value; asks for the permission
  /// and records it. May be empty.
  std::function<Result<EffectiveSetting>(const auth::Caller& caller, std::string_view key,
                                         const std::optional<std::string>& value)>
      change_setting;
  /// Holds the data folder's content still for a backup, says its id; and lets it go.
  std::function<Result<std::string>()> take_snapshot;
  std::function<Result<void>(std::string_view id)> drop_snapshot;
  /// Removes everything that is stored of a device; says how many source records went.
  std::function<Result<std::uint64_t>(std::string_view device_id)> purge_device;
  std::function<void(std::string_view request_id, const Error& error)>
      on_failure;  ///< faults of ours, for the log; may be empty
};

}  // namespace spoor::api
