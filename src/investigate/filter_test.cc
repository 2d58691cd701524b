// The filter language: what it accepts, what it refuses and where, and the plans it makes.

#include "investigate/filter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "investigate/timeline.h"
#include "kql/kql.h"

namespace spoor::investigate {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using Kind = FilterTerm::Kind;

Filter parsed(std::string_view text, FilterSubject subject = FilterSubject::kTimeline) {
  auto filter = parse_filter(text, subject);
  EXPECT_TRUE(filter) << text << ": " << filter.error().to_string();
  return filter ? *std::move(filter) : Filter{};
}

TEST(Filter, ReadsEachFormOfTerm) {
  const Filter filter = parsed(
      R"(powershell "two words" actor:a.exe,"b c" -ActionType:x Title:*.docm RemotePort>=1024 has:technique trail:77)");
  ASSERT_EQ(filter.terms.size(), 8u);
  EXPECT_EQ(filter.terms[0].kind, Kind::kWord);
  EXPECT_THAT(filter.terms[1].values, ElementsAre("two words"));
  EXPECT_EQ(filter.terms[2].field, "Actor");
  EXPECT_THAT(filter.terms[2].values, ElementsAre("a.exe", "b c"));
  EXPECT_TRUE(filter.terms[3].negated);
  EXPECT_THAT(filter.terms[4].patterns, ElementsAre(true));
  EXPECT_EQ(filter.terms[5].op, ">=");
  EXPECT_EQ(filter.terms[5].field, "RemotePort");
  EXPECT_EQ(filter.terms[6].kind, Kind::kHas);
  EXPECT_EQ(filter.terms[7].kind, Kind::kTrail);
  EXPECT_EQ(filter.terms[2].begin, 23u);
  EXPECT_EQ(filter.terms[2].end, 40u);
}

TEST(Filter, TakesAddressesPathsAndTimesAsWords) {
  for (const char* word : {"https://evil.example/a?b=c", "C:\\Users\\mira", "fe80::1", "09:12",
                           "\"RemotePort>1\"", "a*b"}) {
    const Filter filter = parsed(word);
    ASSERT_EQ(filter.terms.size(), 1u) << word;
    EXPECT_EQ(filter.terms[0].kind, Kind::kWord) << word;
  }
  EXPECT_THAT(parsed(R"(Title:"a ""b"" c")").terms[0].values, ElementsAre("a \"b\" c"));
  EXPECT_FALSE(parsed(R"(Title:"*")").terms[0].patterns[0]) << "in quotes it is a star";
}

struct Refusal {
  std::string text;
  std::string message;
  int column;
  std::string hint = "";
  FilterSubject subject = FilterSubject::kTimeline;
};
class Refused : public testing::TestWithParam<Refusal> {};
TEST_P(Refused, SaysWhatAndWhere) {
  const auto filter = parse_filter(GetParam().text, GetParam().subject);
  ASSERT_FALSE(filter);
  EXPECT_EQ(filter.error().message, GetParam().message);
  EXPECT_EQ(filter.error().column, GetParam().column);
  EXPECT_EQ(filter.error().hint, GetParam().hint);
}
INSTANTIATE_TEST_SUITE_P(
    Filter, Refused,
    testing::Values(
        Refusal{"a RemotPort:1", "there is no field RemotPort", 3, "did you mean RemotePort?"},
        Refusal{"zzzqqq:1", "there is no field zzzqqq", 1, "put a text with a colon in quotes"},
        Refusal{"a \"b", "the quote is not closed", 3},
        Refusal{"\"a\"b", "a blank is needed after the quote", 1},
        Refusal{"Title:", "Title: needs a value", 1, "an empty text is written \"\""},
        Refusal{"Title:a,", "Title: needs a value", 1, "an empty text is written \"\""},
        Refusal{"Title>5", "Title is no number and no time, so '>' means nothing", 1},
        Refusal{"RemotePort:http", "RemotePort is a whole number, 'http' is none", 1},
        Refusal{"RemotePort:44*", "RemotePort is no text, so it takes no wildcard but * alone", 1},
        Refusal{"x RemoteIP:10.0.0.0/33", "'10.0.0.0/33' is no network such as 10.0.0.0/8", 3},
        Refusal{"Timestamp>yesterday",
                "Timestamp is a time such as 2026-03-02T09:00:00Z, 'yesterday' is none", 1},
        Refusal{"has:luck", "has: does not know luck", 1,
                "one of technique, alert, flag, note, process"},
        Refusal{"trail:abc", "trail: needs the key of a process, not 'abc'", 1},
        Refusal{"RemotePort:1", "there is no field RemotePort", 1,
                "put a text with a colon in quotes", FilterSubject::kDevices},
        Refusal{"\"\"", "a word is empty", 1}));

TEST(Filter, IsBounded) {
  EXPECT_EQ(
      parse_filter(std::string(kMaxFilterBytes + 1, 'a'), FilterSubject::kTimeline).error().message,
      "a filter has at most 4096 bytes");
  std::string many;
  for (std::size_t i = 0; i <= kMaxFilterTerms; ++i) {
    many += "a ";
  }
  EXPECT_EQ(parse_filter(many, FilterSubject::kTimeline).error().message,
            "a filter has at most 64 terms");
  EXPECT_EQ(parse_filter("a\xff", FilterSubject::kTimeline).error().message,
            "a filter is text in UTF-8");
}

/// Every field, in every form that its type takes, compiles; no value is in the text.
TEST(Filter, PlansOfAllFieldsCompile) {
  for (const FilterField& field : filter_fields(FilterSubject::kTimeline)) {
    const bool is_text = field.type == kql::Type::kString || field.type == kql::Type::kDynamic;
    const std::string value = is_text                              ? "needle"
                              : field.type == kql::Type::kBool     ? "true"
                              : field.type == kql::Type::kDateTime ? "2026-03-02"
                                                                   : "31337";
    const std::string name(field.name);
    std::string text = name + ":" + value + " -" + name + ":" + value + "," + value + " " + name +
                       ":*" + " " + name + ":\"\"";
    text += is_text ? " " + name + ":n*" + " " + name + ":*n " + name + ":n*e"
            : field.type == kql::Type::kBool ? ""
                                             : " " + name + ">" + value;
    const FilterPlan plan = plan_filter(parsed(text), "f", {"d1", "d2"}, 0, kTicksPerDay);
    EXPECT_EQ(plan.is_wide, field.is_wide) << name;
    EXPECT_THAT(plan.condition, Not(HasSubstr("needle")));
    EXPECT_THAT(plan.condition, Not(HasSubstr("31337")));
    kql::CompileOptions options;
    options.arguments = plan.arguments;
    const auto compiled = kql::compile("DeviceTimeline | where " + plan.condition, options);
    ASSERT_TRUE(compiled) << name << ": " << compiled.error().to_string() << "\n" << plan.condition;
    EXPECT_THAT(compiled->sql, Not(HasSubstr("needle")));
  }
}

TEST(Filter, ReadableQueriesCompileToo) {
  const Filter filter = parsed(
      "pow* \"it's \\\" a\ttab \x01\" -word RemoteIP:10.0.0.0/8,fe80::/10 RemotePort>1 "
      "has:technique has:alert has:flag has:note has:process trail:5 Timestamp<=2026-03-02 "
      "Techniques:T1059 Title:\"\"");
  TimelineSelection selection;
  selection.device.ids = {"d\"1"};
  selection.from = 0;
  selection.to = kTicksPerDay;
  selection.filter = filter;
  const std::string text = timeline_query_text(selection, false);
  const auto compiled = kql::compile(text, {});
  ASSERT_TRUE(compiled) << compiled.error().to_string() << "\n" << text;
  bool has_word = false;
  for (const auto& parameter : compiled->parameters) {
    has_word = has_word || parameter.value.find("10.0.0.0") != std::string::npos ||
               parameter.value.find("it's") != std::string::npos;
  }
  EXPECT_TRUE(has_word);
  const std::string devices = device_query_text(parsed(
      "ws OSPlatform:Windows* -Tags:x FirstSeen>2026-01-01 IsTransient:no Address:10.0.0.0/8",
      FilterSubject::kDevices));
  const auto of_devices = kql::compile(devices, {});
  ASSERT_TRUE(of_devices) << of_devices.error().to_string() << "\n" << devices;
}

TEST(Filter, ReadableQueriesHoldAllOfASelection) {
  TimelineSelection selection;
  selection.device.ids = {"d1", "d2"};
  selection.groups = {"process", "network"};
  selection.without_groups = {"registry"};
  selection.action_types = {"ProcessCreated"};
  selection.segment = Segment::kFlagged;
  selection.flags = {"red"};
  selection.flagged_by = "mira\"";
  for (const bool newest_first : {true, false}) {
    const std::string text = timeline_query_text(selection, newest_first);
    EXPECT_THAT(text, HasSubstr("DeviceId in (\"d1\", \"d2\")"));
    EXPECT_THAT(text, HasSubstr("\"process\", \"network\""));
    EXPECT_THAT(text, HasSubstr("\"registry\""));
    EXPECT_THAT(text, HasSubstr("\"ProcessCreated\""));
    EXPECT_THAT(text, HasSubstr("Value in (\"red\")"));
    EXPECT_THAT(text, HasSubstr("SetBy =~ \"mira\\\"\""));
    EXPECT_THAT(text, HasSubstr(newest_first ? "Timestamp desc" : "Timestamp asc"));
    const auto compiled = kql::compile(text, {});
    ASSERT_TRUE(compiled) << compiled.error().to_string() << "\n" << text;
  }
  selection.segment = Segment::kAlertsAndTechniques;
  const std::string text = timeline_query_text(selection, false);
  EXPECT_THAT(text, HasSubstr("AlertEvidence"));
  EXPECT_THAT(text, HasSubstr("DeviceTechniqueEvents"));
  const auto compiled = kql::compile(text, {});
  ASSERT_TRUE(compiled) << compiled.error().to_string() << "\n" << text;
}

}  // namespace
}  // namespace spoor::investigate
