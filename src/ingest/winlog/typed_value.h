#pragma once
// What a value given as text is. Only where the text is exactly what the kind would be shown as, so
// that nothing is lost. Internal to the module.

#include <string>
#include <string_view>

#include "event/record.h"

namespace spoor::winlog {

/// Texts that only have their kind by looks: hex numbers, times, GUIDs and SIDs; with
/// `from_xml`, where every value is a text, also whole numbers and truth values. Else kText.
event::Value typed_value(std::string_view text, bool from_xml);

/// typed_value of XML and other forms whose values are texts; a GUID is shown in capitals, in a
/// text that `keep` keeps.
template <class Keep>
event::Value typed_text(std::string_view text, Keep&& keep);

/// True for "{8-4-4-4-12}" hex digits of either case.
bool is_guid(std::string_view text);
/// Hex digits as Windows shows them in a GUID.
std::string in_capitals(std::string_view text);

template <class Keep>
event::Value typed_text(std::string_view text, Keep&& keep) {
  return typed_value(is_guid(text) ? keep(in_capitals(text)) : text, true);
}

}  // namespace spoor::winlog
