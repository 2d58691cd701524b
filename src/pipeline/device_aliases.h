#pragma once
// The alias table of the state, as the device rules see it. What was asked once is remembered.

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "enrich/device_identity.h"
#include "state/state.h"

namespace spoor::pipeline {

/// The rules speak of aliases as "kind:value". A failure of the state is kept in `failure` (the
/// rules cannot pass it on) and ends the import.
class DeviceAliases final : public enrich::AliasStore {
 public:
  explicit DeviceAliases(state::State& state) : state_(state) {}

  std::optional<std::string> find(std::string_view alias) override;
  void add(std::string_view alias, std::string_view device_id) override;
  [[nodiscard]] const std::optional<Error>& failure() const { return failure_; }

 private:
  state::State& state_;
  std::map<std::string, std::string, std::less<>> known_;
  std::optional<Error> failure_;
};

}  // namespace spoor::pipeline
