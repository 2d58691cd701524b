#include "event/record_codec.h"

#include <gtest/gtest.h>

#include <random>

namespace spoor::event {
namespace {

Value text_value(ValueKind kind, std::string_view text) {
  Value value;
  value.kind = kind;
  value.text = text;
  return value;
}

Value number_value(ValueKind kind, std::int64_t number) {
  Value value;
  value.kind = kind;
  value.number = number;
  return value;
}

Value real_value(double real) {
  Value value;
  value.kind = ValueKind::kReal;
  value.real = real;
  return value;
}

/// One record with a value of every kind.
Record full_record(std::span<const Field> data) {
  Record record;
  record.source_kind = "evtx";
  record.channel = "Security";
  record.provider = "Microsoft-Windows-Security-Auditing";
  record.computer = "WS01.corp.example";
  record.user_sid = "S-1-5-18";
  record.activity_id = "{11111111-2222-3333-4444-555555555555}";
  record.file = "a.zip!Security.evtx";
  record.event_id = 4'000'000'000;
  record.version = 255;
  record.level = 4;
  record.opcode = 7;
  record.task = 65535;
  record.keywords = 0x8020'0000'0000'0000;
  record.record_id = 18'000'000'000'000'000'000ULL;
  record.time = 17'600'000'000'000'001;
  record.process_id = 4'294'967'295;
  record.thread_id = 12;
  record.offset = 1ULL << 40;
  record.carved = true;
  record.data = data;
  return record;
}

const std::vector<Field>& every_kind() {
  static const std::vector<Field> fields = {
      {"Null", {}},
      {"Text", text_value(ValueKind::kText, "caf\xC3\xA9 \n\"quoted\"")},
      {"Int", number_value(ValueKind::kInt, INT64_MIN)},
      {"UInt", number_value(ValueKind::kUInt, -1)},
      {"Hex", number_value(ValueKind::kHex, 0x3e7)},
      {"Real", real_value(0.1)},
      {"Bool", number_value(ValueKind::kBool, 1)},
      {"Time", number_value(ValueKind::kTime, -5)},
      {"Guid", text_value(ValueKind::kGuid, "{11111111-2222-3333-4444-555555555555}")},
      {"Sid", text_value(ValueKind::kSid, "S-1-5-21-1-2-3-500")},
      {"Binary", text_value(ValueKind::kBinary, std::string_view("\xff\x00\x01", 3))},
      {"Json", text_value(ValueKind::kJson, "[1,\"two\"]")},
      {"Text", text_value(ValueKind::kText, "")}};
  return fields;
}

std::string json_of(const Record& record) {
  std::string out;
  append_record_json(out, record);
  return out;
}

std::string block_of(const std::vector<Record>& records) {
  RecordBlockWriter writer;
  for (const Record& record : records) {
    writer.add(record);
  }
  std::string block;
  writer.finish(block);
  return block;
}

TEST(RecordCodec, GivesBackEveryKindOfValue) {
  const Record record = full_record(every_kind());
  Record empty;
  const std::string block = block_of({record, empty});
  std::vector<std::string> seen;
  RecordBlockReader reader;
  const auto read = reader.read(block, [&](const Record& got) {
    seen.push_back(json_of(got));
    if (seen.size() > 1) {
      EXPECT_TRUE(got.data.empty());
      return;
    }
    EXPECT_EQ(got.source_kind, "evtx");
    ASSERT_EQ(got.data.size(), every_kind().size());
    for (std::size_t at = 0; at < got.data.size(); ++at) {
      EXPECT_EQ(got.data[at].name, every_kind()[at].name);
      EXPECT_EQ(got.data[at].value.kind, every_kind()[at].value.kind);
      EXPECT_EQ(got.data[at].value.text, every_kind()[at].value.text);
    }
  });
  ASSERT_TRUE(read) << read.error().to_string();
  EXPECT_EQ(seen, (std::vector{json_of(record), json_of(empty)}));
}

TEST(RecordCodec, TextsStandInABlockOnce) {
  const Record record = full_record(every_kind());
  const std::size_t one = block_of({record}).size();
  const std::size_t two = block_of({record, record}).size();
  EXPECT_LT(two - one, one / 2 + 60) << one << " " << two;
  EXPECT_EQ(block_of({record, record}).find("WS01.corp.example"),
            block_of({record, record}).rfind("WS01.corp.example"));
}

TEST(RecordCodec, AWriterStartsAnew) {
  RecordBlockWriter writer;
  const Record record = full_record(every_kind());
  writer.add(record);
  std::string first;
  writer.finish(first);
  EXPECT_EQ(writer.records(), 0u);
  writer.add(record);
  std::string second;
  writer.finish(second);
  EXPECT_EQ(first, second);
}

TEST(RecordCodec, ShapeIsOfTheNamesAndNotOfWhatTheSenderSays) {
  Record one = full_record(every_kind());
  one.shape = 5;
  Record other = one;
  const std::vector<Field> fewer(every_kind().begin(), every_kind().end() - 1);
  other.data = fewer;
  std::vector<std::uint64_t> shapes;
  RecordBlockReader reader;
  const auto keep = [&](const Record& record) { shapes.push_back(record.shape); };
  ASSERT_TRUE(reader.read(block_of({one, other, one}), keep));
  ASSERT_TRUE(reader.read(block_of({other, one}), keep));
  ASSERT_EQ(shapes.size(), 5u);
  EXPECT_NE(shapes[0], 5u);
  EXPECT_EQ(shapes[0], shapes[2]);
  EXPECT_NE(shapes[0], shapes[1]);
  EXPECT_EQ(shapes[3], shapes[1]) << "another block, the same names";
  EXPECT_EQ(shapes[4], shapes[0]);
}

TEST(RecordCodec, ACutBlockIsTruncatedAtEveryLength) {
  const std::string block = block_of({full_record(every_kind())});
  RecordBlockReader reader;
  for (std::size_t size = 0; size < block.size(); ++size) {
    const auto read = reader.read(std::string_view(block).substr(0, size), [](const Record&) {});
    ASSERT_FALSE(read) << size;
    EXPECT_TRUE(read.error().code == ErrorCode::kTruncated ||
                read.error().code == ErrorCode::kInvalidInput)
        << size;
  }
}

TEST(RecordCodec, DamagedBlocksNeverGiveWhatARecordMayNotHold) {
  const std::string block = block_of({full_record(every_kind()), full_record(every_kind())});
  std::mt19937 random(3);
  RecordBlockReader reader;
  for (int round = 0; round < 20'000; ++round) {
    std::string damaged = block;
    for (int change = 0; change < 3; ++change) {
      damaged[random() % damaged.size()] = static_cast<char>(random());
    }
    (void)reader.read(damaged, [](const Record& record) {
      EXPECT_GE(record.time, kYearOne);
      EXPECT_LE(record.time, kMaxTicks);
      EXPECT_FALSE(json_of(record).empty());
    });
  }
}

struct Refusal {
  const char* what;
  std::string block;
  ErrorCode code;
  std::string message;
};

TEST(RecordCodec, SaysWhyItRefuses) {
  const auto one_value = [](Value value) {
    const std::vector<Field> data = {{"X", value}};
    return block_of({full_record(data)});
  };
  std::string other_version = block_of({});
  other_version[4] = 9;
  const std::string magic("SPRB\x01", 5);
  const std::vector<Refusal> refusals = {
      {"magic", "XXXX\x01", ErrorCode::kInvalidInput,
       "the block of records is bad: it does not start with its magic"},
      {"version", other_version, ErrorCode::kInvalidInput,
       "the block of records is bad: it is of another version"},
      {"utf8", one_value(text_value(ValueKind::kText, "\xff\xfe")), ErrorCode::kInvalidInput,
       "the block of records is bad: a text is no UTF-8"},
      {"json", one_value(text_value(ValueKind::kJson, "],\"x\":[")), ErrorCode::kInvalidInput,
       "the block of records is bad: a JSON value is no JSON"},
      {"bool", one_value(number_value(ValueKind::kBool, 2)), ErrorCode::kInvalidInput,
       "the block of records is bad: a truth value is neither"},
      {"time", one_value(number_value(ValueKind::kTime, INT64_MAX)), ErrorCode::kInvalidInput,
       "the block of records is bad: a time is out of range"},
      {"kind", one_value(number_value(static_cast<ValueKind>(12), 0)), ErrorCode::kInvalidInput,
       "the block of records is bad: a value is of no known kind"},
      {"rest", block_of({}) + "x", ErrorCode::kInvalidInput,
       "the block of records is bad: there is more behind its records"},
      {"texts claimed", magic + "\xff\xff\xff\xff\x0f" + std::string(1, '\0'),
       ErrorCode::kTruncated, "the block of records is bad: it ends too early"},
      {"records claimed", magic + std::string(1, '\0') + "\xff\xff\xff\xff\x0f", ErrorCode::kLimit,
       "a block has too many records"},
      {"number", magic + std::string(11, '\xff'), ErrorCode::kInvalidInput,
       "the block of records is bad: a number is too long"},
  };
  RecordBlockReader reader;
  for (const Refusal& refusal : refusals) {
    const auto read = reader.read(refusal.block, [](const Record&) {});
    ASSERT_FALSE(read) << refusal.what;
    EXPECT_EQ(read.error().code, refusal.code) << refusal.what;
    EXPECT_EQ(read.error().message, refusal.message) << refusal.what;
  }
  RecordBlockReader small({.bytes = 10});
  EXPECT_EQ(small.read(block_of({full_record(every_kind())}), [](const Record&) {}).error().message,
            "a block of records is too large");
  RecordBlockReader narrow({.fields = 3});
  EXPECT_EQ(
      narrow.read(block_of({full_record(every_kind())}), [](const Record&) {}).error().message,
      "a record has too many fields");
}

}  // namespace
}  // namespace spoor::event
