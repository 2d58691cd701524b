#include "normalize/technique_tag.h"

#include <algorithm>

#include "base/text.h"

namespace spoor::normalize {
namespace {

bool all_digits(std::string_view text) {
  return std::ranges::all_of(text, [](char letter) { return letter >= '0' && letter <= '9'; });
}

bool is_technique_id(std::string_view id) {
  return (id.size() == 5 || (id.size() == 9 && id[5] == '.' && all_digits(id.substr(6)))) &&
         id[0] == 'T' && all_digits(id.substr(1, 4));
}

}  // namespace

std::optional<TechniqueTag> parse_technique_tag(std::string_view rule_name) {
  constexpr std::string_view kId = "technique_id=";
  constexpr std::string_view kName = "technique_name=";
  const auto id_at = rule_name.find(kId);
  if (id_at == std::string_view::npos) {
    return std::nullopt;
  }
  const std::string_view rest = rule_name.substr(id_at + kId.size());
  TechniqueTag tag;
  tag.id = trim_blanks(rest.substr(0, rest.find(',')));
  if (!is_technique_id(tag.id)) {
    return std::nullopt;
  }
  // A name may hold commas, so it reaches to the end or to the next tag.
  const auto name_at = rule_name.find(kName);
  if (name_at != std::string_view::npos) {
    const std::string_view name = rule_name.substr(name_at + kName.size());
    tag.name =
        trim_blanks(name.substr(0, std::min(name.find(",technique_"), name.find(",phase_"))));
  }
  return tag;
}

}  // namespace spoor::normalize
