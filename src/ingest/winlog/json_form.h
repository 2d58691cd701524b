#pragma once
// The forms in which records are handed over as objects: of JSON, of a CSV row, or of a block of
// key=value lines. One table says which form an object has. Internal to the module.

#include <span>
#include <string_view>

#include "base/result.h"
#include "ingest/winlog/record_draft.h"
#include "json/reader.h"

namespace spoor::winlog {

/// One form. `looks_like` asks only which members the object has, so that the head of a CSV, whose
/// values are yet to come, can be asked as well.
struct JsonForm {
  std::string_view name;  ///< as docs/formats.md calls it
  bool (*looks_like)(const json::Dynamic& object);
  /// Fills the draft, or hands on what the object encloses (RecordDraft::enclosed).
  Result<void> (*read)(const json::Dynamic& object, RecordDraft& draft);
};

/// All forms, the more particular before the more general.
std::span<const JsonForm> json_forms();
/// The first form that the object looks like; nullptr where it is none of ours.
const JsonForm* find_form(const json::Dynamic& object);

}  // namespace spoor::winlog
