#pragma once
// What all evidence together says of devices: first and last seen, addresses, system, users. One a
// worker; merged and written as rows of DeviceInfo and DeviceNetworkInfo at the end of an import.

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "base/ticks.h"
#include "event/rows.h"

namespace spoor::enrich {

struct DeviceFacts {
  std::string name;      ///< fullest name seen, lower case
  Ticks first_seen = 0;  ///< of records with a believable time; 0 where there is none
  Ticks last_seen = 0;
  std::string os_platform;  ///< "Windows10", …; empty unknown
  std::string os_version;
  std::int64_t os_build = 0;
  Ticks os_time = 0;                       ///< time of the record that told of the system
  std::map<std::string, Ticks> addresses;  ///< own address → last seen
  std::map<std::pair<std::string, std::string>, Ticks> logged_on;  ///< (domain, name) → last logon
};

class DeviceFactTable {
 public:
  DeviceFactTable() = default;
  DeviceFactTable(const DeviceFactTable&) = delete;
  DeviceFactTable& operator=(const DeviceFactTable&) = delete;

  void note_record(std::string_view device_id, std::string_view device_name, Ticks time);
  /// An address of the device itself; loopback, multicast and empty ones are ignored.
  void note_address(std::string_view device_id, std::string_view address, Ticks time);
  void note_logon(std::string_view device_id, std::string_view domain, std::string_view account,
                  Ticks time);
  /// `version` ("10.00.") and `build` (19041), as event 6009 of the System log gives them.
  void note_windows(std::string_view device_id, std::string_view version, std::int64_t build,
                    Ticks time);

  void merge(const DeviceFactTable& other);
  [[nodiscard]] const std::map<std::string, DeviceFacts, std::less<>>& devices() const {
    return devices_;
  }
  /// One row of DeviceInfo for each device, and one of DeviceNetworkInfo where an address is known.
  /// `Timestamp` is the time the device was last seen; first seen is in AdditionalFields.
  /// With `only`, of those devices alone.
  void emit(event::Rows& rows, Ticks ingest_time,
            const std::set<std::string, std::less<>>* only = nullptr) const;

 private:
  DeviceFacts& of(std::string_view device_id);
  std::map<std::string, DeviceFacts, std::less<>> devices_;
  std::string last_id_;
  DeviceFacts* last_ = nullptr;
};

}  // namespace spoor::enrich
