// Golden pairs of the mappings: tests/golden/mappings/<source>/<event id>.record.json holds
// records, .rows.json the rows that they become. SPOOR_UPDATE_GOLDEN=1 writes the rows anew.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <deque>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "base/text.h"
#include "json/reader.h"
#include "normalize/evaluator.h"
#include "normalize/normalizer.h"
#include "normalize/plan.h"

namespace spoor::normalize {
namespace {

namespace fs = std::filesystem;
using event::Field;
using event::Record;
using event::Value;
using event::ValueKind;

const fs::path kFolder = fs::path(SPOOR_SOURCE_DIR) / "tests/golden/mappings";

std::string read_text(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// Records out of JSON: an array of objects as `spoor records` prints them. A value of another kind
/// than JSON has is an object with one key: {"hex": 4}, {"time": "…"}, {"guid": "…"}, {"sid": "…"}.
class Fixture {
 public:
  explicit Fixture(const fs::path& path) {
    const auto document = json::parse(read_text(path));
    if (!document) {
      ADD_FAILURE() << path << ": " << document.error().to_string();
      return;
    }
    document_ = *document;
    for (std::size_t entry = 0; entry < document_.size(); ++entry) {
      add(document_[entry]);
    }
  }
  [[nodiscard]] const std::vector<Record>& records() const { return records_; }

 private:
  static Value value_of(const json::Dynamic& json) {
    Value value;
    if (const auto* const text = json.as_string()) {
      value.kind = ValueKind::kText;
      value.text = *text;
    } else if (const auto* const number = json.as_int64()) {
      value.kind = ValueKind::kUInt;
      value.number = *number;
    } else if (const auto* const flag = json.as_bool()) {
      value.kind = ValueKind::kBool;
      value.number = *flag ? 1 : 0;
    } else if (const auto* const object = json.as_object(); object != nullptr) {
      const auto& [name, inner] = object->at(0);
      value = value_of(inner);
      if (name == "hex") {
        value.kind = ValueKind::kHex;
      } else if (name == "guid") {
        value.kind = ValueKind::kGuid;
      } else if (name == "sid") {
        value.kind = ValueKind::kSid;
      } else if (name == "time") {
        value.kind = ValueKind::kTime;
        value.number = parse_iso_ticks(value.text).value();
      } else {
        ADD_FAILURE() << "kind of value: " << name;
      }
    }
    return value;
  }

  void add(const json::Dynamic& entry) {
    Record& record = records_.emplace_back();
    record.source_kind = "evtx";
    record.file = "fixture.evtx";
    record.channel = entry["channel"].text_or("");
    record.provider = entry["provider"].text_or("");
    record.computer = entry["computer"].text_or("");
    record.event_id = static_cast<std::uint32_t>(entry["event_id"].int_or(0));
    record.process_id = static_cast<std::uint32_t>(entry["process_id"].int_or(0));
    record.level = static_cast<std::uint8_t>(entry["level"].int_or(0));
    record.user_sid = entry["user_sid"].text_or("");
    record.keywords =
        static_cast<std::uint64_t>(parse_int(entry["keywords"].text_or("")).value_or(0));
    record.record_id = static_cast<std::uint64_t>(entry["record_id"].int_or(0));
    record.time = parse_iso_ticks(entry["time"].text_or("")).value();
    std::vector<Field>& data = data_.emplace_back();
    for (const auto& [name, value] : *entry["data"].as_object()) {
      data.push_back({name, value_of(value)});
    }
    record.data = data;
  }

  json::Dynamic document_;  // the records' texts are views of it
  std::deque<std::vector<Field>> data_;
  std::vector<Record> records_;
};

Ticks fixed_clock() { return *parse_iso_ticks("2026-11-24T12:00:00Z"); }

/// All rows, a line each, tables in order.
std::string render(const event::Rows& rows) {
  std::string out = "{\n";
  for (const event::Batch& batch : rows.batches()) {
    if (batch.rows() == 0) {
      continue;
    }
    out += (out.size() > 2 ? ",\n\"" : "\"") + std::string(batch.table().name) + "\": [\n";
    for (std::size_t row = 0; row < batch.rows(); ++row) {
      batch.append_row_json(out, row);
      out += row + 1 < batch.rows() ? ",\n" : "\n";
    }
    out += "]";
  }
  return out + "\n}\n";
}

std::string rows_of(const std::vector<Record>& records) {
  enrich::MemoryAliasStore aliases;
  enrich::AliasDeviceResolver devices(aliases);
  enrich::ProcessTables processes;
  Context context{devices, processes, "job-1", "tester", 0, fixed_clock};
  Normalizer normalizer(context);
  event::Rows rows;
  for (const Record& record : records) {
    normalizer.add(record, rows);
  }
  return render(rows);
}

class MappingGolden : public testing::TestWithParam<std::string> {};

TEST_P(MappingGolden, GivesTheRowsOnFile) {
  const fs::path record_path = kFolder / (GetParam() + ".record.json");
  const fs::path rows_path = kFolder / (GetParam() + ".rows.json");
  ASSERT_TRUE(fs::exists(record_path)) << "every mapping has a golden pair: " << record_path;
  const std::string rows = rows_of(Fixture(record_path).records());
  if (std::getenv("SPOOR_UPDATE_GOLDEN") != nullptr) {
    std::ofstream(rows_path, std::ios::binary) << rows;
    return;
  }
  EXPECT_EQ(rows, read_text(rows_path));
  EXPECT_TRUE(json::parse(rows));
}

std::vector<std::string> mapping_names() {
  std::vector<std::string> names;
  for (const auto& entry :
       fs::recursive_directory_iterator(fs::path(SPOOR_SOURCE_DIR) / "schema/mappings")) {
    const std::string folder = entry.path().parent_path().filename().string();
    if (entry.path().extension() == ".yaml" && folder != "mappings") {
      names.push_back(folder + "/" + entry.path().stem().string());
    }
  }
  std::ranges::sort(names);
  return names;
}

INSTANTIATE_TEST_SUITE_P(Mappings, MappingGolden, testing::ValuesIn(mapping_names()),
                         [](const auto& test) {
                           std::string name = test.param;
                           std::ranges::replace(name, '/', '_');
                           return name;
                         });

TEST(Mappings, AreOrderedByEventId) {
  EXPECT_TRUE(std::ranges::is_sorted(mappings(), {}, &Mapping::event_id));
}

TEST(Mappings, EachEventOfEachHasAGoldenRecord) {
  std::set<std::pair<std::string_view, std::uint32_t>> seen;  // provider, event id
  for (const std::string& name : mapping_names()) {
    const Fixture fixture(kFolder / (name + ".record.json"));
    for (const Record& record : fixture.records()) {
      const Mapping* const mapping = Evaluator::find_mapping(record);
      ASSERT_NE(mapping, nullptr) << name << ": no mapping takes event " << record.event_id;
      seen.emplace(mapping->provider, mapping->event_id);
    }
  }
  for (const Mapping& mapping : mappings()) {
    EXPECT_TRUE(seen.contains({mapping.provider, mapping.event_id}))
        << "no golden record of " << mapping.provider << " " << mapping.event_id;
  }
}

}  // namespace
}  // namespace spoor::normalize
