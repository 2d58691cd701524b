#pragma once
// Which device a record belongs to. The rules stand here; where aliases are kept is behind
// AliasStore.

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace spoor::enrich {

/// What a record says of the computer that it comes from. Empty where it says nothing.
struct DeviceEvidence {
  std::string_view computer;     ///< FQDN or NetBIOS name
  std::string_view machine_sid;  ///< "S-1-5-21-a-b-c" of the computer's own accounts
};

struct DeviceRef {
  std::string id;    ///< 40 lower-case hex digits, never changed once given
  std::string name;  ///< name of the evidence in lower case; empty where it had none
};

/// Look-up that the normaliser asks. Implementations are thread-safe.
class DeviceResolver {
 public:
  virtual ~DeviceResolver() = default;
  virtual DeviceRef resolve(const DeviceEvidence& evidence) = 0;
};

/// Alias → DeviceId, in any store. Called under the resolver's lock.
class AliasStore {
 public:
  virtual ~AliasStore() = default;
  virtual std::optional<std::string> find(std::string_view alias) = 0;
  virtual void add(std::string_view alias, std::string_view device_id) = 0;
};

class MemoryAliasStore final : public AliasStore {
 public:
  std::optional<std::string> find(std::string_view alias) override;
  void add(std::string_view alias, std::string_view device_id) override;

 private:
  std::map<std::string, std::string, std::less<>> aliases_;
};

/// The rules. Aliases are "name:<short name>", "fqdn:<full name>", "sid:<machine SID>" and
/// "full:<short name>" (the short name has a device with a full name), all in lower case.
///  - A short name and the one full name that begins with it are one device.
///  - A second full name with the same first label is another device; the short name stays with the
///  first.
///  - A machine SID stands for a device only where the record names no computer; the first device
///  that shows it keeps
///    it, since cloned machines share theirs.
///  - Where the evidence says nothing at all, the device is that of the name "unknown".
class AliasDeviceResolver final : public DeviceResolver {
 public:
  explicit AliasDeviceResolver(AliasStore& aliases) : aliases_(aliases) {}
  DeviceRef resolve(const DeviceEvidence& evidence) override;
  /// The device that resolve() would give for a computer's name, without making one: empty where it
  /// would be new.
  std::string find(std::string_view computer);

 private:
  std::string of_full_name(const std::string& name);
  std::string of_short_name(const std::string& name);

  std::mutex mutex_;
  AliasStore& aliases_;
};

/// Id of a device that first appears under `name` (lower case).
std::string new_device_id(std::string_view name);

/// "S-1-5-21-a-b-c" of the SID of an account "S-1-5-21-a-b-c-rid"; empty for other SIDs.
std::string_view domain_part_of_sid(std::string_view sid);

}  // namespace spoor::enrich
