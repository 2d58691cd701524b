#include "enrich/device_identity.h"

#include <algorithm>

#include "base/hash.h"
#include "base/text.h"
#include "enrich/address_class.h"

namespace spoor::enrich {

std::optional<std::string> MemoryAliasStore::find(std::string_view alias) {
  const auto found = aliases_.find(alias);
  return found == aliases_.end() ? std::nullopt : std::optional(found->second);
}

void MemoryAliasStore::add(std::string_view alias, std::string_view device_id) {
  aliases_.emplace(alias, device_id);
}

std::string new_device_id(std::string_view name) {
  return sha1_hex("spoor-device:" + std::string(name));
}

std::string_view domain_part_of_sid(std::string_view sid) {
  constexpr std::string_view kPrefix = "S-1-5-21-";
  if (!sid.starts_with(kPrefix) || std::ranges::count(sid, '-') != 7) {
    return {};
  }
  return sid.substr(0, sid.rfind('-'));
}

std::string AliasDeviceResolver::of_short_name(const std::string& name) {
  const std::string alias = "name:" + name;
  if (auto known = aliases_.find(alias)) {
    return *known;
  }
  std::string id = new_device_id(name);
  aliases_.add(alias, id);
  return id;
}

std::string AliasDeviceResolver::of_full_name(const std::string& name) {
  const std::string alias = "fqdn:" + name;
  if (auto known = aliases_.find(alias)) {
    return *known;
  }
  const std::string label = name.substr(0, name.find('.'));
  const std::string claim = "full:" + label;
  std::string id;
  if (aliases_.find(claim)) {
    id = new_device_id(name);
  } else {
    id = of_short_name(label);
    aliases_.add(claim, id);
  }
  aliases_.add(alias, id);
  return id;
}

DeviceRef AliasDeviceResolver::resolve(const DeviceEvidence& evidence) {
  DeviceRef device;
  device.name = to_ascii_lower(trim_blanks(evidence.computer));
  while (device.name.ends_with('.')) {
    device.name.pop_back();
  }
  const std::string sid_alias =
      evidence.machine_sid.empty() ? "" : "sid:" + to_ascii_lower(evidence.machine_sid);

  const std::scoped_lock lock(mutex_);
  if (device.name.empty()) {
    if (!sid_alias.empty()) {
      if (auto known = aliases_.find(sid_alias)) {
        device.id = *known;
        return device;
      }
      device.id = new_device_id(sid_alias);
      aliases_.add(sid_alias, device.id);
      return device;
    }
    device.id = of_short_name("unknown");
    return device;
  }
  const auto dot = device.name.find('.');
  const bool is_full = dot != std::string::npos && dot != 0 && address_class(device.name).empty();
  device.id = is_full ? of_full_name(device.name) : of_short_name(device.name);
  if (!sid_alias.empty() && !aliases_.find(sid_alias)) {
    aliases_.add(sid_alias, device.id);
  }
  return device;
}

}  // namespace spoor::enrich
