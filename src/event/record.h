#pragma once
// A source's event as it was read: the common shape between every parser and the normaliser.
// Views point into the parser's buffers and live until the callback that received the Record
// returns.

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/ticks.h"

namespace spoor::event {

enum class ValueKind : std::uint8_t {
  kNull = 0,
  kText = 1,     ///< `text`, UTF-8
  kInt = 2,      ///< `number`
  kUInt = 3,     ///< `number`, to be read as std::uint64_t
  kHex = 4,      ///< `number` as std::uint64_t; shown as 0x…
  kReal = 5,     ///< `real`
  kBool = 6,     ///< `number` 0 or 1
  kTime = 7,     ///< `number` as Ticks
  kGuid = 8,     ///< `text`: "{XXXXXXXX-…}" upper case, as Windows shows it
  kSid = 9,      ///< `text`: "S-1-…"
  kBinary = 10,  ///< `text`: the raw bytes
  kJson = 11,    ///< `text`: JSON (arrays of values, nested elements)
};

struct Value {
  ValueKind kind = ValueKind::kNull;
  std::string_view text;
  union {
    std::int64_t number = 0;
    double real;
  };
};

/// One named value of the payload. Names repeat where the source repeats them.
struct Field {
  std::string_view name;
  Value value;
};

/// One event. Empty texts and zeros mean that the source says nothing.
struct Record {
  std::string_view source_kind;  ///< "evtx"
  std::string_view channel;
  std::string_view provider;
  std::string_view computer;
  std::string_view user_sid;  ///< Security/@UserID of the event's header
  std::uint32_t event_id = 0;
  std::uint8_t version = 0;
  std::uint8_t level = 0;
  std::uint8_t opcode = 0;
  std::uint16_t task = 0;
  std::uint64_t keywords = 0;
  std::uint64_t record_id = 0;  ///< number within the channel, 0 where the source has none
  Ticks time = 0;
  std::uint32_t process_id = 0;  ///< of the header: the process that logged
  std::uint32_t thread_id = 0;
  std::string_view activity_id;  ///< GUID text
  std::span<const Field> data;   ///< EventData or UserData, in order; nested names joined by '.'
  /// Equal for records whose `data` has the same names in the same order; 0 where the parser does
  /// not know. The normaliser keeps name look-ups by it.
  std::uint64_t shape = 0;
  bool carved = false;       ///< recovered from slack, not a live record
  std::string_view file;     ///< path as given, "archive!member" inside archives
  std::uint64_t offset = 0;  ///< bytes from the start of `file` to the record
};

/// A header's keywords as Windows shows them, 0x and 16 hex digits, written into `buffer`.
using KeywordsBuffer = std::array<char, 18>;
std::string_view keywords_text(std::uint64_t keywords, KeywordsBuffer& buffer);

/// Value of a field as text for people: numbers in decimal (kHex as 0x…), times in ISO form, binary
/// in hex.
void append_text(std::string& out, const Value& value);
/// `data` as one JSON object with typed values, minified; repeated names become an array.
void append_data_json(std::string& out, std::span<const Field> data);
/// The whole record as one line of NDJSON without the line end, in the shape that `spoor records`
/// prints.
void append_record_json(std::string& out, const Record& record);

}  // namespace spoor::event
