#include "enrich/device_facts.h"

#include <algorithm>
#include <array>

#include "base/hash.h"
#include "base/text.h"
#include "enrich/address_class.h"
#include "json/writer.h"

namespace spoor::enrich {
namespace {

/// Products of Windows by their builds, as far as a build is of one product alone (Microsoft's
/// release tables); the builds of a client and a server are often the same.
struct Release {
  std::int64_t first_build;
  std::int64_t last_build;
  std::string_view platform;
};
constexpr std::array kReleases = {
    Release{10240, 10586, "Windows10"}, Release{15063, 15063, "Windows10"},
    Release{18362, 19045, "Windows10"}, Release{20348, 20348, "WindowsServer2022"},
    Release{22000, 22631, "Windows11"},
};

std::string_view platform_of(std::int64_t build) {
  for (const Release& release : kReleases) {
    if (build >= release.first_build && build <= release.last_build) {
      return release.platform;
    }
  }
  return "Windows";
}

/// "10.0" of the event's "10.00.", "6.1" of "6.01.".
std::string plain_version(std::string_view version) {
  std::string plain;
  for (const std::string_view part : split(version, '.')) {
    if (const auto number = parse_int(part)) {
      plain += (plain.empty() ? "" : ".") + std::to_string(*number);
    }
  }
  return plain;
}

/// A full name is better than a short one; of two alike the first in order, so that the choice does
/// not depend on which came first.
bool is_better_name(std::string_view candidate, std::string_view known) {
  const bool candidate_full = candidate.find('.') != std::string_view::npos;
  const bool known_full = known.find('.') != std::string_view::npos;
  if (known.empty() || candidate_full != known_full) {
    return known.empty() || candidate_full;
  }
  return candidate < known;
}

template <class Key>
void keep_latest(std::map<Key, Ticks>& times, Key key, Ticks time) {
  const auto [place, added] = times.try_emplace(std::move(key), time);
  place->second = std::max(place->second, time);
}

/// Id of a row that no source record stands behind.
std::int64_t state_row_id(std::string_view table, std::string_view device_id, Ticks time) {
  return id_from_hash(
      hash_combine(hash64(device_id, hash64(table)), static_cast<std::uint64_t>(time)));
}

}  // namespace

DeviceFacts& DeviceFactTable::of(std::string_view device_id) {
  if (last_ != nullptr && last_id_ == device_id) {
    return *last_;
  }
  auto found = devices_.find(device_id);
  if (found == devices_.end()) {
    found = devices_.emplace(device_id, DeviceFacts{}).first;
  }
  last_id_ = device_id;
  last_ = &found->second;
  return *last_;
}

void DeviceFactTable::note_record(std::string_view device_id, std::string_view device_name,
                                  Ticks time) {
  DeviceFacts& facts = of(device_id);
  if (facts.first_seen == 0 || time < facts.first_seen) {
    facts.first_seen = time;
  }
  facts.last_seen = std::max(facts.last_seen, time);
  if (facts.name != device_name && is_better_name(device_name, facts.name)) {
    facts.name = device_name;
  }
}

void DeviceFactTable::note_address(std::string_view device_id, std::string_view address,
                                   Ticks time) {
  const std::string_view kind = address_class(address);
  if (kind == "Private" || kind == "Public" || kind == "LinkLocal" || kind == "Teredo") {
    keep_latest(of(device_id).addresses, *canonical_address(address), time);
  }
}

void DeviceFactTable::note_logon(std::string_view device_id, std::string_view domain,
                                 std::string_view account, Ticks time) {
  if (!account.empty() && !account.ends_with('$')) {
    keep_latest(of(device_id).logged_on, std::pair(std::string(domain), std::string(account)),
                time);
  }
}

void DeviceFactTable::note_windows(std::string_view device_id, std::string_view version,
                                   std::int64_t build, Ticks time) {
  DeviceFacts& facts = of(device_id);
  if (time >= facts.os_time) {
    facts.os_time = time;
    facts.os_version = plain_version(version);
    facts.os_build = build;
    facts.os_platform = platform_of(build);
  }
}

void DeviceFactTable::merge(const DeviceFactTable& other) {
  for (const auto& [id, theirs] : other.devices_) {
    DeviceFacts& mine = of(id);
    if (theirs.first_seen != 0) {
      mine.first_seen =
          mine.first_seen == 0 ? theirs.first_seen : std::min(mine.first_seen, theirs.first_seen);
    }
    mine.last_seen = std::max(mine.last_seen, theirs.last_seen);
    if (!theirs.name.empty() && is_better_name(theirs.name, mine.name)) {
      mine.name = theirs.name;
    }
    if (theirs.os_time > mine.os_time) {
      mine.os_time = theirs.os_time;
      mine.os_platform = theirs.os_platform;
      mine.os_version = theirs.os_version;
      mine.os_build = theirs.os_build;
    }
    for (const auto& [address, time] : theirs.addresses) {
      keep_latest(mine.addresses, address, time);
    }
    for (const auto& [user, time] : theirs.logged_on) {
      keep_latest(mine.logged_on, user, time);
    }
  }
}

void DeviceFactTable::emit(event::Rows& rows, Ticks ingest_time,
                           const std::set<std::string, std::less<>>* only) const {
  using schema::TableId;
  for (const auto& [id, facts] : devices_) {
    if (facts.first_seen == 0 || (only != nullptr && !only->contains(id))) {
      continue;
    }
    namespace info = schema::device_info;
    event::Batch& batch = rows[TableId::kDeviceInfo];
    batch.begin_row();
    batch.set_number(info::kTimestamp, facts.last_seen);
    batch.set_text(info::kDeviceId, id);
    batch.set_text(info::kDeviceName, facts.name);
    batch.set_text(info::kOSPlatform, facts.os_platform);
    batch.set_text(info::kOSVersion, facts.os_version);
    if (facts.os_build != 0) {
      batch.set_number(info::kOSBuild, facts.os_build);
    }
    batch.set_text(info::kDeviceCategory, "Endpoint");
    std::string users;
    json::Writer users_json(users);
    users_json.begin_array();
    for (const auto& [user, time] : facts.logged_on) {
      users_json.begin_object();
      users_json.key("UserName").string(user.second);
      users_json.key("DomainName").string(user.first);
      users_json.end_object();
    }
    users_json.end_array();
    batch.set_text(info::kLoggedOnUsers, users);
    std::string more;
    json::Writer(more)
        .begin_object()
        .key("FirstSeen")
        .string(format_ticks(facts.first_seen))
        .end_object();
    batch.set_text(info::kAdditionalFields, more);
    batch.set_number(info::kEventId, state_row_id("DeviceInfo", id, facts.last_seen));
    batch.set_number(info::kIngestTime, ingest_time);

    if (facts.addresses.empty()) {
      continue;
    }
    namespace network = schema::device_network_info;
    Ticks newest = 0;
    std::string addresses;
    json::Writer json(addresses);
    json.begin_array();
    for (const auto& [address, time] : facts.addresses) {
      newest = std::max(newest, time);
      json.begin_object();
      json.key("IPAddress").string(address);
      json.key("AddressType").string(address_class(address));
      json.end_object();
    }
    json.end_array();
    event::Batch& adapters = rows[TableId::kDeviceNetworkInfo];
    adapters.begin_row();
    adapters.set_number(network::kTimestamp, newest);
    adapters.set_text(network::kDeviceId, id);
    adapters.set_text(network::kDeviceName, facts.name);
    adapters.set_text(network::kIPAddresses, addresses);
    adapters.set_text(network::kNetworkAdapterStatus, "Up");
    adapters.set_number(network::kEventId, state_row_id("DeviceNetworkInfo", id, newest));
    adapters.set_number(network::kIngestTime, ingest_time);
  }
}

}  // namespace spoor::enrich
