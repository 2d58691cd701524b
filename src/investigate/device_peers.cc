// Addresses that a device spoke with.

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "investigate/device_cards.h"
#include "investigate/plan_text.h"

namespace spoor::investigate {
namespace {

constexpr std::int64_t kMostCandidates = 1000;
constexpr std::size_t kMostShown = 10;

constexpr std::string_view kPeers = R"(
DeviceNetworkEvents
| where {} and {} and isnotempty(RemoteIP)
| summarize Tries = count(), Inbound = countif(ActionType startswith "Inbound"), First = min(Timestamp), Last = max(Timestamp),
            Names = make_set_if(RemoteUrl, isnotempty(RemoteUrl), 10), Ports = make_set_if(RemotePort, not(ActionType startswith "Inbound") and isnotnull(RemotePort), 10),
            IsPublic = countif(RemoteIPType == "Public") by RemoteIP
)";

void read_peer(std::vector<DevicePeer>& peers, const kql::Row& cells) {
  DevicePeer peer;
  peer.address = text_of(cells[0]);
  peer.inbound = number_of(cells[2]);
  peer.outbound = number_of(cells[1]) - peer.inbound;
  peer.first = number_of(cells[3]);
  peer.last = number_of(cells[4]);
  peer.names = texts_of(cells[5]);
  peer.ports = numbers_of(cells[6]);
  peer.is_public = number_of(cells[7]) > 0;
  std::ranges::sort(peer.names);
  std::ranges::sort(peer.ports);
  peer.names.resize(std::min(peer.names.size(), kMostShown));
  peer.ports.resize(std::min(peer.ports.size(), kMostShown));
  peers.push_back(std::move(peer));
}

/// Adds when any device spoke with each of the peers for the first time, and how many did.
Result<void> add_fleet(const Views& views, std::vector<DevicePeer>& peers) {
  std::map<std::string, DevicePeer*> by_address;
  std::vector<std::string> addresses;
  for (DevicePeer& peer : peers) {
    by_address.emplace(peer.address, &peer);
    addresses.push_back(peer.address);
  }
  Arguments arguments;
  const std::string query = fmt::format(
      "DeviceNetworkEvents | where RemoteIP in ({}) | summarize First = min(Timestamp), Devices = "
      "dcount(DeviceId, 4) by RemoteIP | project RemoteIP, First, Devices",
      arguments.texts(addresses));
  TRY(views.run_kept(query, arguments.take(), kMostCandidates,
                     [&](std::span<const kql::Row> part) -> Result<void> {
                       for (const kql::Row& cells : part) {
                         if (const auto found = by_address.find(text_of(cells[0]));
                             found != by_address.end()) {
                           found->second->fleet_first = number_of(cells[1]);
                           found->second->fleet_devices = number_of(cells[2]);
                         }
                       }
                       return {};
                     }));
  return {};
}

}  // namespace

Result<DevicePeers> device_peers(const Views& views, const DeviceKey& device, Ticks from, Ticks to,
                                 std::int64_t rows) {
  TRY_VOID(views.check(device));
  DevicePeers found;
  Arguments arguments;
  const std::string peers =
      fmt::format(fmt::runtime(kPeers), device_condition(device.ids, arguments),
                  time_condition(from, to, arguments));
  const std::vector<kql::NamedArgument> bound = arguments.take();
  TRY(views.run_kept(peers + "| summarize count(), sumif(Inbound, IsPublic > 0)", bound, 1,
                     [&](std::span<const kql::Row> cells) -> Result<void> {
                       found.peer_count = number_of(cells[0][0]);
                       found.inbound_public = number_of(cells[0][1]);
                       return {};
                     }));
  if (found.peer_count == 0) {
    return found;
  }
  TRY(views.run_kept(
      peers + "| sort by First desc, RemoteIP asc | take 1000 | project RemoteIP, Tries, "
              "Inbound, First, Last, Names, Ports, IsPublic",
      bound, kMostCandidates, [&](std::span<const kql::Row> part) -> Result<void> {
        for (const kql::Row& cells : part) {
          read_peer(found.peers, cells);
        }
        return {};
      }));
  TRY_VOID(add_fleet(views, found.peers));
  std::ranges::stable_sort(found.peers, std::greater<>(), &DevicePeer::fleet_first);
  if (static_cast<std::int64_t>(found.peers.size()) > rows) {
    found.peers.resize(static_cast<std::size_t>(rows));
  }
  return found;
}

}  // namespace spoor::investigate
