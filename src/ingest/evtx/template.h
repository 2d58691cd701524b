#pragma once
// A template of binary XML, compiled to a flat list of what its values are for: no document is ever
// built.

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "ingest/evtx/arena.h"
#include "ingest/evtx/format.h"

namespace spoor::evtx {

/// Fields of the System element that a Record has.
enum class Slot : std::uint8_t {
  kNone = 0,
  kProvider,
  kEventSource,  ///< EventSourceName: the provider where Name is missing
  kEventId,
  kVersion,
  kLevel,
  kTask,
  kOpcode,
  kKeywords,
  kTime,
  kRecordId,
  kActivityId,
  kProcessId,
  kThreadId,
  kChannel,
  kComputer,
  kUserId,
};

/// What the elements of a fragment are, by where it stands.
enum class Role : std::uint8_t {
  kDocument,    ///< <Event>
  kEventChild,  ///< below Event: System, EventData, UserData, …
  kSystemChild,
  kDataChild,  ///< below EventData: Data, Binary, …
  kUserChild,  ///< below UserData: the one wrapper, which gives no name
  kNamed,      ///< named by its path, which starts with a prefix
};

/// A part of a text: fixed, or the value of a substitution.
struct Piece {
  std::string_view text;
  std::int32_t substitution = -1;  ///< -1: `text`
};

struct PieceRange {
  std::uint32_t first = 0;
  std::uint32_t count = 0;
};

/// One thing to take from the values.
struct Op {
  Slot slot = Slot::kNone;  ///< else it is a field of the payload
  std::string_view name;    ///< of the field
  PieceRange dynamic_name;  ///< where the name itself is made of values
  PieceRange content;
  bool only_nested = false;  ///< content counts only where it is nested XML
  bool repeats = false;      ///< a Data element without a name: an array gives one field an item
  Role nested_role = Role::kNamed;  ///< of elements in a nested value
  std::string_view nested_prefix;
};

/// Immutable once compiled. Views point into the chunk's name arena.
struct Plan {
  std::vector<Op> ops;
  std::vector<Piece> pieces;
  std::uint64_t shape = 0;  ///< of the names, in order; 0 where a name is made of values
};

/// Compiles elements from `cursor` to the end of the fragment or of the cursor. Fails with
/// kInvalidInput (offset within the chunk) on what is no binary XML, with kLimit past 64 levels.
/// `names` keeps the names; `in_template` says whether elements are expected to carry a dependency
/// id.
Result<Plan> compile_fragment(Cursor& cursor, Role role, std::string_view prefix, bool in_template,
                              Arena& names);

}  // namespace spoor::evtx
