#pragma once
// Settings that can be changed while the server runs. What was changed is in the state and holds
// at the next start too, unless a file, the environment or a flag gives the setting: that wins.
// Thread-safe.

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/services.h"
#include "auth/caller.h"
#include "base/result.h"
#include "server/config.h"

namespace spoor::state {
class State;
}

namespace spoor::server {

class LiveSettings {
 public:
  /// Takes over what was changed earlier; a stored value that this build does not take is logged
  /// and left out. `state` must live longer. `apply` is told the values after each change, one
  /// call at a time, and must not call back.
  static Result<std::unique_ptr<LiveSettings>> open(state::State& state, const LoadedConfig& config,
                                                    std::function<void(const Config&)> apply = {});

  /// As they are now.
  [[nodiscard]] Config values() const;
  /// All settings, in the order of their declaration.
  Result<std::vector<api::EffectiveSetting>> list() const;
  /// Changes a setting, or with no value takes the change back; one transaction with its entry
  /// "settings.change" in the audit log, which has value and origin before and after. Errors:
  /// kForbidden without settings.write; kNotFound for a setting that is not declared; kConflict
  /// where it holds from the start to the end of the server, or is given elsewhere; kInvalidInput
  /// for a value out of its bounds.
  Result<api::EffectiveSetting> change(const auth::Caller& caller, std::string_view name,
                                       const std::optional<std::string>& value);

 private:
  LiveSettings(state::State& state, const LoadedConfig& config,
               std::function<void(const Config&)> apply)
      : state_(state), config_(config), apply_(std::move(apply)) {}
  Result<void> take_stored();
  Result<api::EffectiveSetting> describe(std::size_t at) const;

  state::State& state_;
  mutable std::mutex mutex_;
  LoadedConfig config_;
  const std::function<void(const Config&)> apply_;
};

}  // namespace spoor::server
