// Golden pairs of the mappings: tests/golden/mappings/<source>/<event id>.record.json holds
// records, .rows.json the rows that they become. SPOOR_UPDATE_GOLDEN=1 writes the rows anew.

#include <gtest/gtest.h>
#include <simdjson.h>

#include <cstdlib>
#include <deque>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

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
    simdjson::dom::parser parser;
    const simdjson::padded_string bytes(read_text(path));
    const simdjson::dom::array records = parser.parse(bytes);
    for (const simdjson::dom::object entry : records) {
      add(entry);
    }
  }
  [[nodiscard]] const std::vector<Record>& records() const { return records_; }

 private:
  std::string_view keep(std::string_view text) { return texts_.emplace_back(text); }

  Value value_of(simdjson::dom::element json) {
    Value value;
    switch (json.type()) {
      case simdjson::dom::element_type::STRING:
        value.kind = ValueKind::kText;
        value.text = keep(json.get_string().value());
        break;
      case simdjson::dom::element_type::INT64:
        value.kind = ValueKind::kUInt;
        value.number = json.get_int64();
        break;
      case simdjson::dom::element_type::BOOL:
        value.kind = ValueKind::kBool;
        value.number = json.get_bool().value() ? 1 : 0;
        break;
      case simdjson::dom::element_type::OBJECT:
        for (const simdjson::dom::object object = json; const auto [key, inner] : object) {
          value = value_of(inner);
          if (key == "hex") {
            value.kind = ValueKind::kHex;
          } else if (key == "guid") {
            value.kind = ValueKind::kGuid;
          } else if (key == "sid") {
            value.kind = ValueKind::kSid;
          } else if (key == "time") {
            value.kind = ValueKind::kTime;
            value.number = parse_iso_ticks(value.text).value();
          } else {
            ADD_FAILURE() << "kind of value: " << key;
          }
        }
        break;
      default:
        break;
    }
    return value;
  }

  void add(simdjson::dom::object entry) {
    Record& record = records_.emplace_back();
    record.source_kind = "evtx";
    record.file = "fixture.evtx";
    std::vector<Field>& data = data_.emplace_back();
    for (const auto [key, json] : entry) {
      if (key == "data") {
        for (const simdjson::dom::object object = json; const auto [name, value] : object) {
          data.push_back({keep(name), value_of(value)});
        }
      } else if (key == "channel") {
        record.channel = keep(json.get_string().value());
      } else if (key == "provider") {
        record.provider = keep(json.get_string().value());
      } else if (key == "computer") {
        record.computer = keep(json.get_string().value());
      } else if (key == "time") {
        record.time = parse_iso_ticks(json.get_string().value()).value();
      } else if (key == "event_id") {
        record.event_id = static_cast<std::uint32_t>(json.get_uint64().value());
      } else if (key == "record_id") {
        record.record_id = json.get_uint64();
      } else {
        ADD_FAILURE() << "unknown key in a fixture: " << key;
      }
    }
    record.data = data;
  }

  std::deque<std::string> texts_;
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
  simdjson::dom::parser parser;
  EXPECT_EQ(parser.parse(rows).error(), simdjson::SUCCESS);
}

std::vector<std::string> mapping_names() {
  std::vector<std::string> names;
  for (const auto& entry :
       fs::recursive_directory_iterator(fs::path(SPOOR_SOURCE_DIR) / "schema/mappings")) {
    if (entry.path().extension() == ".yaml" && entry.path().stem() != "lookups") {
      names.push_back(entry.path().parent_path().filename().string() + "/" +
                      entry.path().stem().string());
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
  EXPECT_EQ(mappings().size(), mapping_names().size());
}

}  // namespace
}  // namespace spoor::normalize
