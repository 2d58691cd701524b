// What Hayabusa and Chainsaw found: alerts that others raised, each with the device that it is
// about.

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "base/hash.h"
#include "base/text.h"
#include "ingest/winlog/forms.h"
#include "ingest/winlog/json_path.h"
#include "json/writer.h"

namespace spoor::winlog::forms {
namespace {

using event::Value;
using event::ValueKind;
using json::Dynamic;

/// What both say of a finding.
struct Finding {
  std::string_view product;
  std::string_view title;
  std::string_view level;
  std::string_view rule;  ///< id of the rule, where it has one
  std::string_view category;
  std::vector<std::string> techniques;
  std::string_view computer;
  std::uint64_t record_id = 0;
  const Dynamic* time = nullptr;
};

/// Hayabusa shortens levels.
std::string_view severity_of(std::string_view level) {
  struct Level {
    std::string_view prefix, severity;
  };
  constexpr Level kLevels[] = {
      {"crit", "High"}, {"emer", "High"}, {"high", "High"}, {"med", "Medium"}, {"low", "Low"}};
  for (const Level& each : kLevels) {
    if (starts_with_ignoring_case(level, each.prefix)) {
      return each.severity;
    }
  }
  return "Informational";
}

/// "attack.t1003.001" or "T1003.001" as the schema writes it.
void add_technique(std::vector<std::string>& techniques, std::string_view tag) {
  constexpr std::string_view kTag = "attack.";
  tag = trim_blanks(tag);
  if (starts_with_ignoring_case(tag, kTag)) {
    tag.remove_prefix(kTag.size());
  }
  const bool is_one = tag.size() >= 5 && ascii_lower(tag[0]) == 't' && tag[1] >= '0' &&
                      tag[1] <= '9' && techniques.size() < 100;
  if (is_one) {
    techniques.push_back("T" + std::string(tag.substr(1)));
  }
}

/// Tags as an array, or as one text with marks between them.
void add_techniques(std::vector<std::string>& techniques, const Dynamic& tags) {
  if (tags.as_array() != nullptr) {
    for (const Dynamic& tag : *tags.as_array()) {
      add_technique(techniques, tag.text_or(""));
    }
    return;
  }
  std::string_view text = tags.text_or("");
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(" ,;|"), text.size());
    add_technique(techniques, text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

std::uint64_t number_of(const Dynamic& value) {
  if (const auto* whole = value.as_int64(); whole != nullptr && *whole > 0) {
    return static_cast<std::uint64_t>(*whole);
  }
  const auto parsed = parse_int(value.text_or(""));
  return parsed && *parsed > 0 ? static_cast<std::uint64_t>(*parsed) : 0;
}

bool is_chainsaw(const Dynamic& object) {
  return has_all(object, {"name", "level", "timestamp"}) &&
         (object.find("document") != nullptr || object.find("documents") != nullptr);
}

bool is_hayabusa(const Dynamic& object) {
  return has_all(object, {"Timestamp", "RuleTitle", "Level", "Computer"});
}

Finding hayabusa(const Dynamic& row) {
  Finding finding;
  finding.product = "Hayabusa";
  finding.title = row["RuleTitle"].text_or("");
  finding.level = row["Level"].text_or("");
  finding.rule = row["RuleID"].text_or(row["RuleFile"].text_or(""));
  const Dynamic& tactics = row["MitreTactics"];
  finding.category = tactics.as_array() != nullptr ? tactics[0].text_or("") : tactics.text_or("");
  add_techniques(finding.techniques, row["MitreTags"]);
  finding.computer = row["Computer"].text_or("");
  finding.record_id = number_of(row["RecordID"]);
  finding.time = row.find("Timestamp");
  return finding;
}

Finding chainsaw(const Dynamic& row) {
  Finding finding;
  finding.product = "Chainsaw";
  finding.title = row["name"].text_or("");
  finding.level = row["level"].text_or("");
  finding.rule = row["id"].text_or("");
  add_techniques(finding.techniques, row["tags"]);
  const Dynamic& document = row.find("document") != nullptr ? row["document"] : row["documents"][0];
  const Dynamic& event = document["data"]["Event"];
  finding.computer = event["System"]["Computer"].text_or("");
  finding.record_id = number_of(event["System"]["EventRecordID"]);
  finding.time = row.find("timestamp");
  return finding;
}

Result<void> add_column(RecordDraft& draft, std::string_view name, std::string text) {
  Value value;
  value.kind = ValueKind::kText;
  value.text = draft.keep(std::move(text));
  return value.text.empty() ? Result<void>{} : draft.add_value(name, value);
}

/// The same finding gets the same id, however often it is handed over.
std::string alert_id(const Finding& finding, std::string_view time) {
  std::uint64_t hash = hash64(finding.product);
  for (const std::string_view part : {finding.rule, finding.title, finding.computer, time}) {
    hash = hash64(part, hash);
  }
  return fmt::format("{:016x}", hash_combine(hash, finding.record_id));
}

}  // namespace

bool looks_like_detection(const Dynamic& object) {
  return is_hayabusa(object) || is_chainsaw(object);
}

Result<void> read_detection(const Dynamic& object, RecordDraft& draft) {
  const Finding finding = is_hayabusa(object) ? hayabusa(object) : chainsaw(object);
  event::Record& record = draft.header();
  record.source_kind = "hunting";
  record.provider = finding.product;
  record.channel = "AdvancedHunting-Alert";
  record.computer = finding.computer;
  if (finding.time != nullptr) {
    TRY_VOID(draft.set(Slot::kTimeCreated, *finding.time));
  }
  std::string techniques;
  if (!finding.techniques.empty()) {
    json::Writer writer(techniques);
    writer.begin_array();
    for (const std::string& each : finding.techniques) {
      writer.string(each);
    }
    writer.end_array();
  }
  std::string id = alert_id(finding, finding.time == nullptr ? "" : finding.time->text_or(""));
  TRY_VOID(add_column(draft, "AlertId", std::move(id)));
  TRY_VOID(add_column(draft, "Title", std::string(finding.title)));
  TRY_VOID(add_column(draft, "Category", std::string(finding.category)));
  TRY_VOID(add_column(draft, "Severity", std::string(severity_of(finding.level))));
  TRY_VOID(add_column(draft, "ServiceSource", std::string(finding.product)));
  TRY_VOID(add_column(draft, "DetectionSource", "Sigma"));
  TRY_VOID(add_column(draft, "AttackTechniques", std::move(techniques)));
  TRY_VOID(add_column(draft, "EntityType", "Machine"));
  TRY_VOID(add_column(draft, "EvidenceRole", "Impacted"));
  return add_column(draft, "AdditionalFields", object.dump());
}

}  // namespace spoor::winlog::forms
