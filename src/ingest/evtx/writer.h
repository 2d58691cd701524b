#pragma once
// Writes event logs (EVTX): for tests, fuzz seeds, samples and benchmarks. What it writes, other
// readers read.

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/ticks.h"

namespace spoor::evtx {

/// A value in the form that the log holds it.
struct WriteValue {
  std::uint8_t type = 0;  ///< ValueType
  std::string bytes;      ///< little endian; UTF-16 for texts

  static WriteValue null() { return {}; }
  static WriteValue text(std::string_view utf8);
  static WriteValue int32(std::int32_t number);
  static WriteValue uint8(std::uint8_t number);
  static WriteValue uint16(std::uint16_t number);
  static WriteValue uint32(std::uint32_t number);
  static WriteValue uint64(std::uint64_t number);
  static WriteValue hex64(std::uint64_t number);
  static WriteValue boolean(bool flag);
  static WriteValue time(Ticks time);
  /// "{XXXXXXXX-XXXX-XXXX-XXXX-XXXXXXXXXXXX}"; null where it is none.
  static WriteValue guid(std::string_view text);
  /// "S-1-5-…"; null where it is none.
  static WriteValue sid(std::string_view text);
};

struct WriteEvent {
  std::string provider;
  std::string channel;
  std::string computer;
  std::uint16_t event_id = 0;
  std::uint8_t version = 0;
  std::uint8_t level = 4;
  std::uint16_t task = 0;
  std::uint8_t opcode = 0;
  std::uint64_t keywords = 0x8000000000000000;
  std::uint64_t record_id = 0;  ///< 0: one more than the last
  Ticks time = 0;
  std::uint32_t process_id = 0;
  std::uint32_t thread_id = 0;
  std::string user_sid;
  /// <Data Name="first">second</Data>; a name that is empty is left out.
  std::vector<std::pair<std::string, WriteValue>> data;
};

/// Builds a log in memory. Events of one shape share a template, defined at its first use in a
/// chunk.
class Writer {
 public:
  /// Fails with kLimit where the event needs more than a chunk has (65,016 bytes with its
  /// template); the log is then as it was before.
  [[nodiscard]] Result<void> add(const WriteEvent& event);
  /// The whole file. The writer is empty afterwards.
  std::string finish();

 private:
  void start_chunk();
  void end_chunk();
  void put_name(std::string_view name);
  void put_template(const WriteEvent& event);
  void put_record(const WriteEvent& event, std::uint64_t record_id, const std::string& shape,
                  const std::vector<WriteValue>& values);

  std::string file_;
  std::string chunk_;
  std::unordered_map<std::string, std::uint32_t> names_;  // of the chunk: name → offset
  std::unordered_map<std::string, std::uint32_t>
      templates_;  // of the chunk: names of the data → offset
  std::uint64_t next_record_ = 1;
  std::uint64_t number_ = 0;  // records written
  std::uint64_t first_number_ = 0, first_id_ = 0, last_id_ = 0;
  std::uint32_t last_offset_ = 0;
  std::uint16_t chunks_ = 0;
};

}  // namespace spoor::evtx
