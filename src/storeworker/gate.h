#pragma once
// Decides what a statement is and whether it may reach the engine. User text has been turned into a
// plan long before; this is the second lock, and the one that also holds for whoever talks to the
// socket directly.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "storeworker/settings.h"

namespace spoor::storeworker {

/// What the engine says of a text (chdb_classify_query_n).
struct Classification {
  std::uint32_t statements = 0;
  std::uint32_t kind = 3;
};
using Classify = std::function<Result<Classification>(std::string_view sql)>;

enum class Access : std::uint8_t {
  kOwner = 1,   ///< everything that the product does
  kHunter = 2,  ///< single plain reads
};

enum class StatementKind : std::uint8_t {
  kRead = 1,    ///< runs with readonly = 1 and limits
  kInsert = 2,  ///< `sql` is INSERT INTO … without FORMAT; data follows it in the request
  kChange = 3,  ///< DDL, ALTER, DELETE, OPTIMIZE, INSERT … SELECT
  kKill = 4,    ///< `kill_id` is the id of the statement to end
};

struct Statement {
  StatementKind kind = StatementKind::kRead;
  std::string sql;     ///< what the engine gets, settings included
  std::string format;  ///< of the answer, or of the data of an INSERT; empty where none is named
  std::string kill_id;
  bool can_stream = false;      ///< the engine can give the answer piece by piece
  std::size_t data_offset = 0;  ///< kInsert: where the data begins in the text that was given
};

/// Limits that the worker adds to reads which bring none.
struct Limits {
  std::uint64_t max_memory = 0;  ///< bytes; also the most that a request may ask for; 0: none
  double max_seconds = 600;      ///< the most that a request may ask for
};

/// True where the first word is INSERT: what follows the statement must not be taken for SQL.
bool begins_with_insert(std::string_view sql);

/// Judges `text`. `settings` are those of the request, `tag` its id. Errors: kInvalidInput (not one
/// statement of a known shape), kUnsupported (a setting), kConflict (known, and refused to this
/// access).
Result<Statement> judge(std::string_view text, Access access, Settings settings,
                        std::string_view tag, const Limits& limits, const Classify& classify);

}  // namespace spoor::storeworker
