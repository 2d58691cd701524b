#pragma once
// What sources say of processes: the input of the repair pass, kept beside the rows that were made
// from it.

#include <compare>
#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>

#include "base/ticks.h"

namespace spoor::enrich {

/// Properties of a process. Empty texts and zeros mean unknown. The texts belong to somebody else.
struct ProcessDetails {
  std::string_view image;  ///< full path as the source gives it
  std::string_view command_line;
  std::string_view account_domain;
  std::string_view account_name;
  std::string_view account_sid;
  std::string_view sha1;
  std::string_view sha256;
  std::string_view md5;
  std::string_view integrity_level;
  std::string_view token_elevation;
  std::int64_t logon_id = 0;

  bool operator==(const ProcessDetails&) const = default;
  auto operator<=>(const ProcessDetails&) const = default;
  /// Takes from `other` what is unknown here.
  void fill_from(const ProcessDetails& other);
};

/// Calls `text` for each text of the details, in the order in which they are declared.
template <class Details>
void each_text(Details& details, auto&& text) {
  text(details.image);
  text(details.command_line);
  text(details.account_domain);
  text(details.account_name);
  text(details.account_sid);
  text(details.sha1);
  text(details.sha256);
  text(details.md5);
  text(details.integrity_level);
  text(details.token_elevation);
}

/// Details that table, facts and repair share, with their texts in one piece of memory: a copy is a
/// reference. Never null; what nothing is known of reads as empty. Compared by content.
class SharedDetails {
 public:
  SharedDetails() = default;
  /// Copies the texts.
  explicit SharedDetails(const ProcessDetails& details);

  const ProcessDetails& operator*() const { return details_ ? *details_ : nothing(); }
  const ProcessDetails* operator->() const { return &**this; }
  /// False where nothing was ever given.
  explicit operator bool() const { return details_ != nullptr; }
  /// Takes from `other` what is unknown here; those who share the details do not see it.
  void fill_from(const SharedDetails& other);

  bool operator==(const SharedDetails& other) const { return (*this <=> other) == 0; }
  std::strong_ordering operator<=>(const SharedDetails& other) const {
    return details_ == other.details_ ? std::strong_ordering::equal : **this <=> *other;
  }

 private:
  static const ProcessDetails& nothing();
  std::shared_ptr<const ProcessDetails> details_;
};

enum class FactKind : std::uint8_t {
  kStart = 1,      ///< a record of the creation
  kSeen = 2,       ///< named with its creation second (a Sysmon GUID) by another event
  kReference = 3,  ///< named by pid alone; a span of such events that got the same key
  kEnd = 4,        ///< a record of the exit
};

struct ProcessFact {
  FactKind kind = FactKind::kReference;
  std::int64_t key = 0;  ///< key that the rows got
  std::int64_t pid = 0;
  Ticks start = 0;               ///< stated creation; 0 where the source states none
  bool is_sysmon = false;        ///< `guid_second` is given
  std::int64_t guid_second = 0;  ///< creation in seconds since 1970, of the process GUID
  std::int64_t parent_pid = -1;
  std::int64_t parent_second = 0;  ///< creation second of the parent by its GUID; 0 unknown
  Ticks end = 0;                   ///< exit; 0 unknown
  Ticks event_time = 0;            ///< time of the event; kReference and kSeen: of the first
  Ticks last_time = 0;             ///< kReference and kSeen: time of the last event
  SharedDetails details;
  /// Ancestors known to the row that knew fewest, and whether a row was made without the details.
  std::int32_t least_depth = 0;
  bool details_missed = false;

  auto operator<=>(const ProcessFact&) const = default;
};

}  // namespace spoor::enrich
