#include "pipeline/device_aliases.h"

namespace spoor::pipeline {
namespace {

state::Alias parted(std::string_view alias) {
  const std::size_t colon = alias.find(':');
  return {std::string(alias.substr(0, colon)), std::string(alias.substr(colon + 1))};
}

}  // namespace

std::optional<std::string> DeviceAliases::find(std::string_view alias) {
  const auto known = known_.find(alias);
  if (known != known_.end()) {
    return known->second;
  }
  auto found = state_.devices().find_by_alias(parted(alias));
  if (!found) {
    failure_ = found.error();
    return std::nullopt;
  }
  if (*found) {
    known_.emplace(alias, **found);
  }
  return *found;
}

void DeviceAliases::add(std::string_view alias, std::string_view device_id) {
  known_.emplace(alias, device_id);
  const state::Alias parts = parted(alias);
  const auto added = [&]() -> Result<void> {
    if (!TRY(state_.devices().get(device_id))) {
      TRY_VOID(state_.devices().see(device_id, parts.value, kMaxTicks, 0));
    }
    return state_.devices().add_alias(device_id, parts);
  }();
  if (!added) {
    failure_ = added.error();
  }
}

}  // namespace spoor::pipeline
