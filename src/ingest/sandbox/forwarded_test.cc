// A record is one record, whether it comes from its log, as XML, as evtx_dump or as NDJSON.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <set>

#include "base/text.h"
#include "event/event_id.h"
#include "ingest/evtx/fixtures.h"
#include "ingest/evtx/reader.h"
#include "ingest/winlog/winlog.h"
#include "json/writer.h"

namespace spoor::ingest::sandbox {
namespace {

struct Facts {
  std::int64_t id = 0;
  std::string data;
  bool operator==(const Facts&) const = default;
};

Facts facts_of(const event::Record& record) {
  Facts facts{event::event_id(record, "device"), {}};
  event::append_data_json(facts.data, record.data);
  return facts;
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char letter : text) {
    switch (letter) {
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '&':
        out += "&amp;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += letter;
    }
  }
  return out;
}

/// As wevtutil writes a record.
std::string xml_of(const event::Record& record) {
  std::string out = fmt::format(
      "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider "
      "Name='{}'/><EventID>{}</EventID><Version>{}</Version><Level>{}</Level><Task>{}</Task>"
      "<Opcode>{}</Opcode><Keywords>{:#x}</Keywords><TimeCreated SystemTime='{}'/>"
      "<EventRecordID>{}</EventRecordID><Correlation/><Execution ProcessID='{}' ThreadID='{}'/>"
      "<Channel>{}</Channel><Computer>{}</Computer><Security UserID='{}'/></System><EventData>",
      record.provider, record.event_id, record.version, record.level, record.task, record.opcode,
      record.keywords, format_ticks(record.time), record.record_id, record.process_id,
      record.thread_id, record.channel, record.computer, record.user_sid);
  for (const event::Field& field : record.data) {
    std::string text;
    event::append_text(text, field.value);
    if (field.value.kind == event::ValueKind::kGuid) {
      text = to_ascii_lower(text);
    }
    out += fmt::format("<Data Name='{}'>{}</Data>", field.name, escaped(text));
  }
  return out + "</EventData></Event>";
}

/// As evtx_dump writes a record: in many lines, its time cut to microseconds, no braces about
/// GUIDs.
std::string evtx_dump_of(const event::Record& record) {
  std::string time = format_ticks(record.time);
  time.replace(time.size() - 2, 2, "Z");
  std::string out = fmt::format("Record {}\n{{\n  \"Event\": ", record.record_id);
  json::Writer writer(out);
  writer.begin_object().key("System").begin_object();
  writer.key("Provider").begin_object().key("#attributes").begin_object();
  writer.key("Name").string(record.provider).end_object().end_object();
  writer.key("EventID").number(static_cast<std::int64_t>(record.event_id));
  writer.key("TimeCreated").begin_object().key("#attributes").begin_object();
  writer.key("SystemTime").string(time).end_object().end_object();
  writer.key("EventRecordID").number(record.record_id);
  writer.key("Channel").string(record.channel).key("Computer").string(record.computer);
  writer.end_object().key("EventData").begin_object();
  for (const event::Field& field : record.data) {
    std::string text;
    event::append_text(text, field.value);
    writer.key(field.name);
    if (field.value.kind == event::ValueKind::kUInt) {
      writer.number(static_cast<std::uint64_t>(field.value.number));
    } else {
      const bool is_guid = field.value.kind == event::ValueKind::kGuid;
      writer.string(is_guid ? std::string_view(text).substr(1, text.size() - 2) : text);
    }
  }
  writer.end_object().end_object();
  return out + "\n}\n";
}

TEST(Forwarded, EveryFormOfALogIsTheSameRecords) {
  evtx::Writer writer;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    EXPECT_TRUE(writer.add(evtx::fixtures::sysmon_process(seed)));
    EXPECT_TRUE(writer.add(evtx::fixtures::sysmon_network(seed)));
    EXPECT_TRUE(writer.add(evtx::fixtures::security_process(seed)));
  }
  const std::string log = writer.finish();
  std::vector<Facts> expected;
  std::vector<Facts> carved;
  std::string xml = "<Events>";
  std::string dump;
  std::string lines;
  std::string carved_lines;
  evtx::read(
      evtx::Source::from_bytes("a.evtx", log),
      [&](const event::Record& record) {
        expected.push_back(facts_of(record));
        xml += xml_of(record) + "\r\n";
        dump += evtx_dump_of(record);
        event::append_record_json(lines, record);
        lines += '\n';
        event::Record slack = record;
        slack.carved = true;
        carved.push_back(facts_of(slack));
        event::append_record_json(carved_lines, slack);
        carved_lines += '\n';
      },
      [](const evtx::Problem& problem) { FAIL() << problem.reason; });
  xml += "</Events>";
  ASSERT_EQ(expected.size(), 150u);

  std::vector<Facts> seen;
  const auto keep = [&](const event::Record& record) { seen.push_back(facts_of(record)); };
  const auto no_problem = [](const Error& error) { ADD_FAILURE() << error.to_string(); };
  const auto from_lines = [&](const std::string& text) {
    seen.clear();
    const auto reader = winlog::make_text_reader("", keep, no_problem);
    reader->feed(text);
    reader->finish();
    return seen;
  };
  EXPECT_EQ(from_lines(lines), expected);
  EXPECT_EQ(from_lines(dump), expected);
  from_lines(dump + xml + "\n" + lines);
  EXPECT_EQ(seen.size(), 3 * expected.size()) << "one text with all of them";
  std::set<std::int64_t> ids;
  for (const Facts& each : seen) {
    ids.insert(each.id);
  }
  EXPECT_EQ(ids.size(), expected.size());
  EXPECT_EQ(from_lines(carved_lines), carved) << "told by their payload";
  seen.clear();
  const auto reader = winlog::make_xml_reader("a.xml", keep, no_problem);
  reader->feed(xml);
  reader->finish();
  ASSERT_EQ(seen.size(), expected.size());
  for (std::size_t at = 0; at < seen.size(); ++at) {
    EXPECT_EQ(seen[at].id, expected[at].id);
    EXPECT_EQ(seen[at].data, expected[at].data);
  }
}

}  // namespace
}  // namespace spoor::ingest::sandbox
