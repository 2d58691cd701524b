#pragma once
// ATT&CK tags that Sysmon configurations put into RuleName:
// "technique_id=T1059.001,technique_name=PowerShell".

#include <optional>
#include <string_view>

namespace spoor::normalize {

struct TechniqueTag {
  std::string_view id;    ///< "T1059.001"
  std::string_view name;  ///< may be empty
};

/// Nothing where the text holds no well-formed technique id.
std::optional<TechniqueTag> parse_technique_tag(std::string_view rule_name);

}  // namespace spoor::normalize
