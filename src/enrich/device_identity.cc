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

namespace {

/// A computer's name as aliases have it.
std::string plain_name(std::string_view computer) {
  std::string name = to_ascii_lower(trim_blanks(computer));
  while (name.ends_with('.')) {
    name.pop_back();
  }
  return name;
}

bool is_full_name(const std::string& name) {
  const auto dot = name.find('.');
  return dot != std::string::npos && dot != 0 && address_class(name).empty();
}

}  // namespace

std::string AliasDeviceResolver::find(std::string_view computer) {
  std::string name = plain_name(computer);
  if (name.empty()) {
    name = "unknown";
  }
  const std::scoped_lock lock(mutex_);
  if (!is_full_name(name)) {
    return aliases_.find("name:" + name).value_or("");
  }
  if (auto known = aliases_.find("fqdn:" + name)) {
    return *known;
  }
  // The first full name of a short one is the same device, a second one is another.
  const std::string label = name.substr(0, name.find('.'));
  return aliases_.find("full:" + label) ? "" : aliases_.find("name:" + label).value_or("");
}

DeviceRef AliasDeviceResolver::resolve(const DeviceEvidence& evidence) {
  DeviceRef device;
  device.name = plain_name(evidence.computer);
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
  device.id = is_full_name(device.name) ? of_full_name(device.name) : of_short_name(device.name);
  if (!sid_alias.empty() && !aliases_.find(sid_alias)) {
    aliases_.add(sid_alias, device.id);
  }
  return device;
}

}  // namespace spoor::enrich
