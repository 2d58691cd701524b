#pragma once
// What a value given as text is. Only where the text is exactly what the kind would be shown as, so
// that nothing is lost. Internal to the module.

#include <string_view>

#include "event/record.h"

namespace spoor::winlog {

/// Texts that only have their kind by looks: hex numbers, times, GUIDs and SIDs; with
/// `from_xml`, where every value is a text, also whole numbers and truth values. Else kText.
event::Value typed_value(std::string_view text, bool from_xml);

/// True for "{8-4-4-4-12}" hex digits of either case.
bool is_guid(std::string_view text);

}  // namespace spoor::winlog
