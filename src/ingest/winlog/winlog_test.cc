#include "ingest/winlog/winlog.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "event/event_id.h"

namespace spoor::winlog {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

struct Seen {
  std::vector<std::string> records;  ///< as NDJSON
  std::vector<std::string> problems;
  std::vector<std::int64_t> ids;
  ReadStats stats;
};

using MakeReader = std::unique_ptr<TextReader> (*)(std::string, OnRecord, OnProblem, TextLimits);

Seen read_in_steps(MakeReader make, std::string_view text, std::size_t step, TextLimits limits = {},
                   const std::string& file = "in") {
  Seen seen;
  const auto reader = make(
      file,
      [&](const event::Record& record) {
        event::append_record_json(seen.records.emplace_back(), record);
        seen.ids.push_back(event::event_id(record, "device"));
      },
      [&](const Error& error) { seen.problems.push_back(error.to_string()); }, limits);
  for (std::size_t at = 0; at < text.size(); at += step) {
    reader->feed(text.substr(at, step));
  }
  seen.stats = reader->finish();
  return seen;
}

Seen read_xml(std::string_view text, TextLimits limits = {}) {
  return read_in_steps(&make_xml_reader, text, text.size() + 1, limits);
}

Seen read_ndjson(std::string_view text, TextLimits limits = {}, const std::string& file = "in") {
  return read_in_steps(&make_text_reader, text, text.size() + 1, limits, file);
}

std::string event_with(const std::string& inner, const std::string& record = "7") {
  return "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System>"
         "<Provider Name='P' Guid='{0}'/><EventID Qualifiers='1'>4624</EventID><Version>2</Version>"
         "<Level>0</Level><Task>12544</Task><Opcode>1</Opcode>"
         "<Keywords>0x8020000000000000</Keywords>"
         "<TimeCreated SystemTime='2026-03-01T10:00:00.1234567Z'/><EventRecordID>" +
         record +
         "</EventRecordID><Correlation ActivityID='{aaaaaaaa-0000-0000-0000-00000000000b}'/>"
         "<Execution ProcessID='700' ThreadID='701'/><Channel>Security</Channel>"
         "<Computer>WS01.corp.example</Computer><Security UserID='S-1-5-18'/></System>" +
         inner + "</Event>";
}

std::string record_json(const std::string& data, const std::string& offset = "0") {
  return R"({"file":"in","offset":)" + offset +
         R"(,"record_id":7,"time":"2026-03-01T10:00:00.1234567Z","channel":"Security",)"
         R"("provider":"P","event_id":4624,"computer":"WS01.corp.example","version":2,"level":0,)"
         R"("task":12544,"opcode":1,"keywords":"0x8020000000000000","process_id":700,)"
         R"("thread_id":701,"user_sid":"S-1-5-18",)"
         R"("activity_id":"{AAAAAAAA-0000-0000-0000-00000000000B}","data":)" +
         data + "}";
}

TEST(WinlogXml, ReadsTheHeaderAndTypedData) {
  const std::string text = event_with(
      "<EventData><Data Name='Number'>49152</Data><Data Name='Zeros'>007</Data>"
      "<Data Name='Negative'>-5</Data><Data Name='Logon'>0x3e7</Data><Data Name='Case'>0x3E7</Data>"
      "<Data Name='Flag'>true</Data><Data Name='Sid'>S-1-5-21-1-2-3-500</Data>"
      "<Data Name='Guid'>{b3c1a1f0-2b1a-6421-e703-000000000000}</Data>"
      "<Data Name='Time'>2026-03-01T10:00:00.0000000Z</Data><Data Name='Empty'/>"
      "<Data Name='Text'> a &lt;b&gt; &amp;amp; caf&#233; </Data><Data>one</Data><Data>two</Data>"
      "<Binary>00FF</Binary></EventData>");
  const Seen seen = read_xml(text);
  EXPECT_THAT(seen.problems, IsEmpty());
  EXPECT_THAT(seen.records,
              ElementsAre(record_json(
                  R"({"Number":49152,"Zeros":"007","Negative":-5,"Logon":"0x3e7","Case":"0x3E7",)"
                  R"("Flag":true,"Sid":"S-1-5-21-1-2-3-500",)"
                  R"("Guid":"{B3C1A1F0-2B1A-6421-E703-000000000000}",)"
                  R"("Time":"2026-03-01T10:00:00.0000000Z","Empty":"","Text":" a <b> &amp; café ",)"
                  R"("Data":["one","two"],"Binary":"00ff"})")));
}

TEST(WinlogXml, UserDataIsNamedByItsPath) {
  const Seen seen = read_xml(event_with(
      "<UserData><LogFileCleared xmlns='x' kind='k'><SubjectUserName>mira</SubjectUserName>"
      "<Inner a='1'><Deep>x</Deep></Inner></LogFileCleared></UserData>"));
  EXPECT_THAT(seen.records,
              ElementsAre(record_json(
                  R"({"@kind":"k","SubjectUserName":"mira","Inner.@a":1,"Inner.Deep":"x"})")));
}

TEST(WinlogXml, ReadsEventsWhateverStandsAroundThemAndHoweverTheyAreCut) {
  const std::string one = event_with("<EventData><Data Name='a'>1 > 0</Data></EventData>", "1");
  const std::string two = event_with("<EventData><Data Name='b>\"'>x</Data></EventData>", "2");
  const std::string text = "\xef\xbb\xbf<?xml version='1.0' encoding='utf-8'?>\n<Events>" + one +
                           "\r\n noise <EventLog/> " + two + "</Events>";
  const Seen whole = read_xml(text);
  ASSERT_EQ(whole.records.size(), 2u);
  EXPECT_THAT(whole.problems, IsEmpty());
  for (std::size_t step = 1; step < 40; ++step) {
    EXPECT_EQ(read_in_steps(&make_xml_reader, text, step).records, whole.records) << step;
  }
  const std::string utf16 = "\xff\xfe" + to_utf16le(text.substr(3));
  for (const std::size_t step : {1, 2, 7, 100'000}) {
    const Seen wide = read_in_steps(&make_xml_reader, utf16, step);
    EXPECT_EQ(wide.ids, whole.ids) << step;
    EXPECT_EQ(wide.stats.records, 2u);
  }
}

TEST(WinlogXml, OffsetsLeadToTheElement) {
  const std::string one = event_with("", "1");
  const Seen seen = read_xml("  " + one + "\n" + event_with("", "2"));
  ASSERT_EQ(seen.records.size(), 2u);
  EXPECT_THAT(seen.records[0], testing::HasSubstr("\"offset\":2,"));
  EXPECT_THAT(seen.records[1], testing::HasSubstr("\"offset\":" + std::to_string(one.size() + 3)));
}

TEST(WinlogXml, BadEventsAreLocatedAndCountedAndTheOthersRead) {
  const std::string good = event_with("", "9");
  const Seen seen =
      read_xml("<Event><System></Event>" + good + "<Event><System/></Event>" +
               event_with("<EventData><Data>cut", "8").substr(0, 300) + good +
               "<Event><System><TimeCreated SystemTime='2026-01-01'/></System></Event>" + good +
               "<Event><x");
  EXPECT_EQ(seen.records.size(), 3u);
  EXPECT_EQ(seen.stats.problems, 5u);
  ASSERT_EQ(seen.problems.size(), 5u);
  EXPECT_THAT(seen.problems[0], testing::StartsWith("in"));
  EXPECT_THAT(seen.problems[0], testing::HasSubstr("is no XML: "));
  EXPECT_THAT(seen.problems[1], testing::HasSubstr("the event states no time that can be read"));
  EXPECT_THAT(seen.problems[2],
              testing::HasSubstr("an event does not end before the next one starts"));
  EXPECT_THAT(seen.problems[3],
              testing::HasSubstr("the event has neither a provider nor a channel"));
  EXPECT_THAT(seen.problems[4], testing::HasSubstr("the text ends inside an event"));
}

TEST(WinlogXml, NoEntityIsExpandedAndNoDtdRead) {
  const Seen seen = read_xml(
      "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;\">"
      "<!ENTITY f SYSTEM \"file:///etc/passwd\">]>" +
      event_with("<EventData><Data Name='a'>&b;&f;</Data></EventData>"));
  ASSERT_EQ(seen.records.size(), 1u);
  EXPECT_THAT(seen.records[0], testing::HasSubstr(R"("data":{"a":"&b;&f;"})"));
}

TEST(WinlogXml, SizesAreBounded) {
  TextLimits limits;
  limits.event_bytes = 2000;
  limits.fields = 10;
  limits.depth = 5;
  const std::string good = event_with("", "9");
  std::string many = "<EventData>";
  for (int at = 0; at < 11; ++at) {
    many += "<Data>x</Data>";
  }
  many += "</EventData>";
  std::string deep;
  for (int at = 0; at < 8; ++at) {
    deep += "<a>";
  }
  deep += "x";
  for (int at = 0; at < 8; ++at) {
    deep += "</a>";
  }
  std::string text =
      event_with("<EventData><Data>" + std::string(3000, 'x') + "</Data></EventData>");
  text += good + event_with(many) + good + event_with("<UserData>" + deep + "</UserData>") + good;
  const Seen seen = read_xml(text, limits);
  EXPECT_EQ(seen.records.size(), 3u);
  ASSERT_EQ(seen.problems.size(), 3u);
  EXPECT_THAT(seen.problems[0], testing::HasSubstr("an event is larger than 2000 bytes"));
  EXPECT_THAT(seen.problems[1], testing::HasSubstr("the event has more than 10 fields"));
  EXPECT_THAT(seen.problems[2], testing::HasSubstr("elements are more than 5 levels deep"));
}

TEST(WinlogXml, PathsOfALongNameAreBounded) {
  TextLimits limits;
  const std::string name(10'000, 'n');
  std::string many;
  for (int at = 0; at < 20; ++at) {
    many += "<a/>";
  }
  const std::string good = event_with("", "9");
  for (const std::string& event :
       {"<UserData><w><" + name + ">" + many + "</" + name + "></w></UserData>",
        "<EventData><Data Name='" + name + "'>" + many + "</Data></EventData>"}) {
    const std::string whole = event_with(event);
    limits.event_bytes = whole.size();
    const Seen seen = read_xml(whole + good, limits);
    EXPECT_EQ(seen.records.size(), 1u);
    EXPECT_THAT(seen.problems,
                ElementsAre(testing::HasSubstr("the names of the event's fields are too long")));
  }
}

TEST(WinlogXml, WhatIsTooLargeDoesNotDependOnHowTheTextIsCut) {
  TextLimits limits;
  limits.event_bytes = 1000;
  const std::string good = event_with("", "9");
  std::string text;
  // Around the limit, with each kind of tag that can be cut there.
  for (const std::string& tag :
       {std::string("<a b='>'>"), std::string("<!-- > -->"), std::string("<![CDATA[ <Event > ]]>"),
        std::string("<?x <Event > ?>"), std::string("<Event >"), std::string("</Event>"),
        std::string("<!-- "), std::string("<a b='")}) {
    for (std::size_t fill = 960; fill < 1010; fill += 3) {
      text += "<Event >" + std::string(fill, 'x') + tag + std::string(20, 'y') + "</Event>" + good;
    }
  }
  const Seen whole = read_xml(text, limits);
  EXPECT_GT(whole.records.size(), 100u);
  for (const std::size_t step : {1, 2, 7, 13, 500, 1021}) {
    const Seen cut = read_in_steps(&make_xml_reader, text, step, limits);
    EXPECT_EQ(cut.problems, whole.problems) << step;
    EXPECT_EQ(cut.records, whole.records) << step;
  }
}

TEST(WinlogXml, EventsThatAnUnclosedCommentSwallowedAreRead) {
  TextLimits limits;
  limits.event_bytes = 2000;
  const std::string good = event_with("", "9");
  const Seen seen = read_xml("<Event><!-- " + good + good + good + good, limits);
  EXPECT_EQ(seen.records.size(), 4u);
  EXPECT_THAT(seen.problems, ElementsAre(testing::HasSubstr("an event is larger than 2000 bytes")));
}

TEST(WinlogXml, AStartIsNotReadAgainForEachStartInsideIt) {
  TextLimits limits;
  limits.event_bytes = 2000;
  std::string text;
  for (int at = 0; at < 10'000; ++at) {
    text += "<Event><!--";
  }
  // Two starts for each 2000 bytes, not all of them: those each looked through 2000 bytes.
  const Seen seen = read_xml(text, limits);
  EXPECT_THAT(seen.records, IsEmpty());
  EXPECT_GT(seen.problems.size(), 50u);
  EXPECT_LT(seen.problems.size(), 130u);
}

TEST(WinlogNdjson, ReadsWhatRecordsPrints) {
  const std::string data =
      R"({"Null":null,"Text":"49152","Int":-5,"UInt":18446744073709551615,"Hex":"0x3e7",)"
      R"("Real":0.1,"Bool":true,"Time":"2026-03-01T10:00:00.0000000Z",)"
      R"("Guid":"{B3C1A1F0-2B1A-6421-E703-000000000000}","Sid":"S-1-5-18","Json":{"a":[1,"x"]},)"
      R"("One":["x"],"Many":["a",2]})";
  const std::string line = record_json(data);
  const Seen seen = read_ndjson(line + "\n\n" + line + "\r\n" + line);
  EXPECT_THAT(seen.problems, IsEmpty());
  EXPECT_THAT(seen.records, ElementsAre(line, record_json(data, std::to_string(line.size() + 2)),
                                        record_json(data, std::to_string(2 * line.size() + 4))));
  for (const std::size_t step : {1, 3, 64}) {
    EXPECT_EQ(read_in_steps(&make_text_reader, line + "\n\n" + line, step).records[0], line);
  }
}

TEST(WinlogNdjson, KeepsTheFileThatTheLineNamesWhereNoneIsGiven) {
  const std::string line =
      R"({"file":"a.zip!b.evtx","offset":99,"time":"2026-03-01T10:00:00Z","channel":"Security"})";
  EXPECT_THAT(read_ndjson(line, {}, "").records[0],
              testing::StartsWith(R"({"file":"a.zip!b.evtx","offset":99,)"));
  EXPECT_THAT(read_ndjson(line).records[0], testing::StartsWith(R"({"file":"in","offset":0,)"));
}

TEST(WinlogNdjson, BadLinesAreLocatedAndCounted) {
  TextLimits limits;
  limits.event_bytes = 200;
  limits.fields = 3;
  const std::string good = R"({"time":"2026-03-01T10:00:00Z","channel":"Security"})";
  const auto with = [](const std::string& more) {
    return R"({"time":"2026-03-01T10:00:00Z","channel":"Security",)" + more + "}";
  };
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"[1]", "the line is of no form that is known"},
      {R"({"channel":"Security"})", "\"time\" is missing or no time"},
      {R"({"time":"2026-03-01T10:00:00Z"})", "the line has neither \"channel\" nor \"provider\""},
      {with(R"("event_id":"x")"), "\"event_id\" is no whole number"},
      {with(R"("event_id":4294967296)"), "\"event_id\" is too large"},
      {with(R"("version":256)"), "\"version\" is too large"},
      {with(R"("computer":5)"), "\"computer\" is no text"},
      {with(R"("keywords":"12")"), "\"keywords\" is no hex number"},
      {with(R"("data":[])"), "\"data\" is no object"},
      {with(R"("data":{"a":[1,2,3,4]})"), "the line has more than 3 fields"},
      {with(R"("carved":1)"), "\"carved\" is neither true nor false"},
      {with(R"("source_kind":"x")"), "\"source_kind\" is not known"},
      {std::string(201, 'x'), "the line is longer than 200 bytes"},
  };
  for (const auto& [line, message] : cases) {
    const Seen seen = read_ndjson(good + "\n" + line + "\n" + good + "\n", limits);
    EXPECT_EQ(seen.records.size(), 2u) << line;
    EXPECT_EQ(seen.stats.problems, 1u) << line;
    EXPECT_THAT(seen.problems, ElementsAre(testing::HasSubstr(message)));
    EXPECT_THAT(seen.problems[0], testing::StartsWith("in:2")) << seen.problems[0];
  }
  const Seen cut = read_ndjson(good + "\n{\"time\":");
  EXPECT_EQ(cut.records.size(), 1u);
  EXPECT_EQ(cut.stats.problems, 1u);
}

TEST(Winlog, KindIsToldByContent) {
  EXPECT_TRUE(is_event_text("<?xml version=\"1.0\"?>\n<Events><Event>"));
  EXPECT_FALSE(is_event_text("<?xml version=\"1.0\"?><project/>"));
  EXPECT_TRUE(is_event_text(" \n<Events><Event>"));
  EXPECT_TRUE(is_event_text("\xff\xfe" + to_utf16le("<Event>")));
  EXPECT_TRUE(is_event_text("{\"file\":\"a\",\"event_id\":1,"));
  EXPECT_FALSE(is_event_text("{\"name\":\"a package\"}"));
  EXPECT_FALSE(is_event_text("{\"EventData\":\"of others\"}\n{\"EventData\":1}\n"));
  EXPECT_FALSE(is_event_text("ElfFile"));
  EXPECT_FALSE(is_event_text(""));
}

}  // namespace
}  // namespace spoor::winlog
