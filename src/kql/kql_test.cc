// The compiler as a whole: snapshots of every stage, refusals with their places, the corpus.

#include "kql/kql.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "kql/syntax/parser.h"

namespace spoor::kql {
namespace {

CompileOptions fixed_options() {
  CompileOptions options;
  options.now = 17'700'000'000'000'000;
  options.explain = true;
  return options;
}

std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

std::string stages(std::string_view query) {
  std::string out = "query\n" + std::string(query) + "\n";
  const auto tokens = tokenize(query);
  const auto tree = parse(query);
  const auto compiled = compile(query, fixed_options());
  out += "\ntokens\n" + (tokens ? dump(*tokens) : tokens.error().to_string());
  out += "\ntree\n" + (tree ? dump(*tree) : tree.error().to_string());
  if (!compiled) {
    return out + "\nerror\n" + compiled.error().to_string() + "\n";
  }
  out += "\nplan\n" + compiled->plan + "\nsql\n" + compiled->sql + "\n\nparameters\n";
  for (const auto& parameter : compiled->parameters) {
    out += parameter.name + " " + parameter.type + " = " + parameter.value + "\n";
  }
  out += "\ncolumns\n";
  for (const auto& column : compiled->columns) {
    out += column.name + ":" + std::string(schema::type_name(column.type)) + "\n";
  }
  return out;
}

class Snapshot : public testing::TestWithParam<std::string> {};

TEST_P(Snapshot, StagesAreAsStored) {
  const std::filesystem::path folder = std::filesystem::path(SPOOR_SOURCE_DIR) / "tests/golden/kql";
  const auto query = read_file(folder / (GetParam() + ".kql"));
  ASSERT_FALSE(query.empty());
  const auto path = folder / (GetParam() + ".txt");
  const auto now = stages(query);
  if (std::getenv("SPOOR_UPDATE_GOLDEN") != nullptr) {
    std::ofstream(path, std::ios::binary) << now;
  }
  EXPECT_EQ(now, read_file(path)) << "run with SPOOR_UPDATE_GOLDEN=1 where the change is meant";
}

INSTANTIATE_TEST_SUITE_P(Kql, Snapshot,
                         testing::Values("timeline_page", "hash_and_terms", "summarize_by_bin",
                                         "arg_max_star", "join_inner", "join_outer", "join_unread",
                                         "let_functions", "union_source", "mv_expand",
                                         "datatable_print", "texts", "materialize_twice",
                                         "in_subquery", "parse_line", "windows", "mv_apply",
                                         "make_series", "find_tables", "bag_unpack", "join_push",
                                         "invoke_function", "file_profile", "partition_top",
                                         "parse_pairs", "has_column", "as_name", "scan_steps"),
                         [](const auto& param) { return param.param; });

struct Refusal {
  std::string_view query;
  ErrorCode code;
  std::string_view message;
  int line;
  int column;
  std::string_view hint = "";
};

class Refused : public testing::TestWithParam<Refusal> {};

TEST_P(Refused, SaysWhatAndWhere) {
  const auto& expected = GetParam();
  const auto compiled = compile(expected.query, fixed_options());
  ASSERT_FALSE(compiled) << compiled->sql;
  EXPECT_EQ(compiled.error().code, expected.code);
  EXPECT_EQ(compiled.error().message, expected.message);
  EXPECT_EQ(compiled.error().line, expected.line);
  EXPECT_EQ(compiled.error().column, expected.column);
  EXPECT_EQ(compiled.error().hint, expected.hint);
}

INSTANTIATE_TEST_SUITE_P(
    Kql, Refused,
    testing::Values(
        Refusal{"DeviceEvent | take 1", ErrorCode::kInvalidInput, "unknown table DeviceEvent", 1, 1,
                "did you mean DeviceEvents?"},
        Refusal{"DeviceEvents\n| where FileNam == 'a'", ErrorCode::kInvalidInput,
                "unknown name FileNam", 2, 9, "did you mean FileName?"},
        Refusal{"DeviceEvents | summarise count()", ErrorCode::kInvalidInput,
                "unknown operator summarise", 1, 16, "did you mean summarize?"},
        Refusal{"DeviceEvents | reduce by FileName", ErrorCode::kUnsupported,
                "the operator reduce is not supported", 1, 16},
        Refusal{"DeviceEvents | scan with (step a: true;)", ErrorCode::kInvalidInput,
                "scan needs rows in an order", 1, 16, "put sort or serialize before it"},
        Refusal{"DeviceEvents | sort by Timestamp | scan with (step a output=last: true;)",
                ErrorCode::kUnsupported, "scan with output=last is not supported", 1, 61},
        Refusal{"DeviceEvents | sort by Timestamp | scan with (step a: true => x = 1;)",
                ErrorCode::kInvalidInput, "scan assigns to x, which is not declared", 1, 63},
        Refusal{"DeviceEvents | invoke Fetch(SHA1)", ErrorCode::kUnsupported,
                "invoke Fetch() is not supported: no such function is defined", 1, 23},
        Refusal{"let f = (n:long) { print n }; DeviceEvents | invoke f(1)",
                ErrorCode::kInvalidInput, "the first parameter of f() is no table", 1, 53,
                "declare it as f = (T:(*)) { … }"},
        Refusal{"DeviceEvents | invoke f", ErrorCode::kInvalidInput, "invoke needs a call: f(…)", 1,
                23},
        Refusal{"DeviceEvents | evaluate python()", ErrorCode::kUnsupported,
                "evaluate python is not supported", 1, 25},
        Refusal{"DeviceEvents | evaluate bag_unpack(FileName)", ErrorCode::kInvalidInput,
                "bag_unpack() needs a dynamic, not string", 1, 36},
        Refusal{"DeviceEvents | evaluate bag_unpack(dynamic({}), columnsConflict='x')",
                ErrorCode::kInvalidInput, "columnsConflict is error, replace_source or keep_source",
                1, 65},
        Refusal{"DeviceEvents | evaluate pivot(FileName, percentile(FileSize, 5))",
                ErrorCode::kInvalidInput, "pivot() needs an aggregate here, as count() or sum(x)",
                1, 41},
        Refusal{"DeviceEvents | make-series count() on Timestamp step 0s", ErrorCode::kInvalidInput,
                "the step of make-series must be more than 0", 1, 54},
        Refusal{"DeviceEvents | make-series count() on FileName step 1", ErrorCode::kUnsupported,
                "make-series on string is not supported; on datetime, timespan and long it is", 1,
                39},
        Refusal{"DeviceEvents | make-series count() on FileSize from 0 to 9000000000 step 1",
                ErrorCode::kLimit, "make-series makes more than 1,048,576 steps", 1, 16},
        Refusal{"DeviceEvents | partition by DeviceId (join kind=inner DeviceInfo on DeviceId)",
                ErrorCode::kUnsupported, "the operator join inside partition is not supported", 1,
                39},
        Refusal{"DeviceEvents | partition by DeviceId { DeviceInfo | take 1 }",
                ErrorCode::kUnsupported, "a query of its own inside partition is not supported", 1,
                40},
        Refusal{"DeviceEvents | parse-kv AdditionalFields as (a:long) with (greedy=true)",
                ErrorCode::kUnsupported, "parse-kv with greedy is not supported", 1, 67},
        Refusal{"DeviceEvents | top-nested 2 of FileName with others='x' by count()",
                ErrorCode::kUnsupported, "top-nested with others is not supported", 1, 41},
        Refusal{"find where FileName == 'x' project-smart", ErrorCode::kUnsupported,
                "find with project-smart is not supported", 1, 28},
        Refusal{"DeviceEvents | parse kind=odd FileName with a", ErrorCode::kInvalidInput,
                "unknown kind of parse: odd", 1, 27},
        Refusal{"DeviceEvents | where Timestamp > 'x'", ErrorCode::kInvalidInput,
                "datetime cannot be compared with string", 1, 22,
                "convert one side, as with tostring(), tolong() or todatetime()"},
        Refusal{"print 'abc", ErrorCode::kInvalidInput, "the string is not closed", 1, 7},
        Refusal{"print 1 +", ErrorCode::kInvalidInput,
                "expected an expression, found the end of the query", 1, 10},
        Refusal{"", ErrorCode::kInvalidInput, "expected a query, found the end of the query", 1, 1},
        Refusal{"let x = 1;", ErrorCode::kInvalidInput,
                "expected a query after the let statements, found the end of the query", 1, 11},
        Refusal{"DeviceEvents | extend x = count()", ErrorCode::kInvalidInput,
                "count() is an aggregate: it stands in summarize only", 1, 27},
        Refusal{"DeviceEvents | where FileName matches regex FolderPath", ErrorCode::kUnsupported,
                "the right side of matches regex must be constant", 1, 45},
        Refusal{"externaldata(a:string)['https://example.org/x']", ErrorCode::kUnsupported,
                "externaldata is not supported: the server fetches nothing from outside", 1, 1},
        Refusal{"DeviceEvents | extend r = row_number()", ErrorCode::kInvalidInput,
                "row_number() needs rows in an order", 1, 27, "put sort or serialize before it"},
        Refusal{"cluster('x').database('y').T | take 1", ErrorCode::kUnsupported,
                "calls on other clusters, databases or workspaces are not supported", 1, 1},
        Refusal{"DeviceEvents | join kind=odd (DeviceInfo) on DeviceId", ErrorCode::kInvalidInput,
                "unknown kind of join: odd", 1, 26},
        Refusal{"print datetime(2026-13-01)", ErrorCode::kInvalidInput,
                "not a datetime: 2026-13-01", 1, 7}));

std::string sql_of(std::string_view query, CompileOptions options = fixed_options()) {
  const auto compiled = compile(query, options);
  return compiled ? compiled->sql : compiled.error().to_string();
}

TEST(Compile, UserTextNeverEntersTheStatement) {
  const auto sql = sql_of(
      "DeviceEvents | where FileName == \"marker'); DROP TABLE x; --\" | extend ['evil name'] = "
      "'marker2'");
  EXPECT_THAT(sql, testing::Not(testing::HasSubstr("marker")));
  EXPECT_THAT(sql, testing::Not(testing::HasSubstr("evil")));
}

TEST(Compile, AccessScopeFiltersEveryScanOfDevices) {
  auto options = fixed_options();
  options.scope.all = false;
  options.scope.device_ids_or_groups = {"d1"};
  const auto sql =
      sql_of("DeviceEvents | join (DeviceInfo | project DeviceId) on DeviceId | count", options);
  std::size_t filters = 0;
  for (std::size_t at = sql.find("IN {"); at != std::string::npos; at = sql.find("IN {", at + 1)) {
    ++filters;
  }
  EXPECT_EQ(filters, 2U);
  // A table without a device shows nothing to a caller who sees only some.
  EXPECT_THAT(sql_of("DeviceTvmSoftwareVulnerabilitiesKB | count", options),
              testing::HasSubstr("WHERE false"));
}

TEST(Compile, ArgumentsAreParameters) {
  auto options = fixed_options();
  options.arguments = {{"device", Type::kString, std::string("d'1")},
                       {"most", Type::kLong, std::int64_t{5}}};
  const auto compiled = compile("DeviceEvents | where DeviceId == device | take most", options);
  ASSERT_TRUE(compiled) << compiled.error().to_string();
  ASSERT_FALSE(compiled->parameters.empty());
  EXPECT_EQ(compiled->parameters[0].value, "d'1");
  EXPECT_THAT(compiled->sql, testing::HasSubstr("LIMIT 5"));
}

TEST(Compile, HiddenColumnsAreReachableAndLeftOut) {
  const auto all = compile("DeviceEvents | take 1", fixed_options());
  ASSERT_TRUE(all);
  for (const auto& column : all->columns) {
    EXPECT_NE(column.name, "EventId");
  }
  const auto named = compile("DeviceEvents | project EventId, Timestamp", fixed_options());
  ASSERT_TRUE(named);
  EXPECT_EQ(named->columns[0].name, "EventId");
}

TEST(Compile, ToscalarRunsFirst) {
  auto options = fixed_options();
  const auto before = compile(
      "let m = toscalar(DeviceEvents | summarize max(Timestamp)); DeviceEvents | where Timestamp "
      "== m",
      options);
  ASSERT_TRUE(before) << before.error().to_string();
  ASSERT_EQ(before->first.size(), 1U);
  EXPECT_EQ(before->first[0].type, Type::kDateTime);
  options.first_results = {std::int64_t{17'000'000'000'000'000}};
  const auto after = compile(
      "let m = toscalar(DeviceEvents | summarize max(Timestamp)); DeviceEvents | where Timestamp "
      "== m",
      options);
  ASSERT_TRUE(after);
  EXPECT_TRUE(after->first.empty());
}

TEST(Compile, KeysOfBagsAreAskedFirst) {
  auto options = fixed_options();
  const std::string query =
      "DeviceEvents | evaluate bag_unpack(dynamic({})) | where Name == 'x' | project Name";
  const auto before = compile(query, options);
  ASSERT_TRUE(before) << before.error().to_string();
  ASSERT_EQ(before->first.size(), 1U);
  options.first_results = {std::string(R"([["Name","String"],["Age","Int64"]])")};
  const auto after = compile(query, options);
  ASSERT_TRUE(after) << after.error().to_string();
  EXPECT_TRUE(after->first.empty());
  ASSERT_EQ(after->columns.size(), 1U);
  EXPECT_EQ(after->columns[0].type, Type::kString);
  // A name no bag has is unknown once the keys are known.
  options.first_results = {std::string(R"([["Age","Int64"]])")};
  const auto wrong = compile(query, options);
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().message, "unknown name Name");
  // A statement that has too many keys, and an answer that is no list.
  std::string many = "[";
  for (int i = 0; i < 300; ++i) {
    many += (i == 0 ? "[\"k" : ",[\"k") + std::to_string(i) + "\",\"Int64\"]";
  }
  options.first_results = {many + "]"};
  const auto large = compile(query, options);
  ASSERT_FALSE(large);
  EXPECT_EQ(large.error().message, "the bags have more than 200 keys");
  options.first_results = {std::string("nonsense")};
  EXPECT_FALSE(compile(query, options));
}

TEST(Compile, ConstantsMayComeFromTables) {
  auto options = fixed_options();
  const std::string query =
      "let least = toscalar(DeviceEvents | summarize min(FileSize)); "
      "range n from least + 1 to 9 step 1";
  const auto before = compile(query, options);
  ASSERT_TRUE(before) << before.error().to_string();
  EXPECT_EQ(before->first.size(), 1U);
  options.first_results = {std::int64_t{7}};
  const auto after = compile(query, options);
  ASSERT_TRUE(after) << after.error().to_string();
  EXPECT_TRUE(after->first.empty());
  EXPECT_EQ(after->parameters[0].value, "[8,9]");
  // A name that is wrong is said once the results are there.
  const auto wrong = compile(query + " | where m > 1", options);
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().message, "unknown name m");
}

TEST(Compile, ExternalDataComesFromTheCaller) {
  auto options = fixed_options();
  std::string text = "name,n,when\n\"a,\"\"b\"\"\",5,2026-01-02\r\nc,x,\n";
  options.external = [&](std::string_view address) -> Result<std::string> {
    if (address != "https://example.org/x.csv") {
      return fail(ErrorCode::kNotFound, "no such list");
    }
    return text;
  };
  const auto made = compile(
      "externaldata(name:string, n:long, t:datetime)[h@'https://example.org/x.csv'] "
      "with (format='csv', ignoreFirstRecord=true)",
      options);
  ASSERT_TRUE(made) << made.error().to_string();
  ASSERT_EQ(made->parameters.size(), 3U);
  EXPECT_EQ(made->parameters[0].value, R"(['a,"b"','c'])");
  EXPECT_EQ(made->parameters[1].value, "[5,NULL]");
  EXPECT_EQ(made->parameters[2].value, "['2026-01-02 00:00:00.0000000',NULL]");
  const auto missing = compile("externaldata(a:string)['https://example.org/y']", options);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().message, "no such list");
  EXPECT_EQ(missing.error().column, 24);
  text = R"({"name":"a","n":1}
{"name":"b","t":"2026-01-02"})";
  const auto lines = compile(
      "externaldata(name:string, n:long)['https://example.org/x.csv'] with (format=json)", options);
  ASSERT_TRUE(lines) << lines.error().to_string();
  EXPECT_EQ(lines->parameters[0].value, "['a','b']");
  EXPECT_EQ(lines->parameters[1].value, "[1,NULL]");
  text = std::string(17u << 20, 'x');
  const auto large = compile("externaldata(a:string)['https://example.org/x.csv']", options);
  ASSERT_FALSE(large);
  EXPECT_EQ(large.error().code, ErrorCode::kLimit);
}

TEST(Compile, SearchAndFindWithoutTablesReadAllOfThem) {
  for (const std::string_view query : {"search 'x'", "find where FileName == 'x'"}) {
    const auto sql = sql_of(query);
    for (const auto& table : schema::tables()) {
      EXPECT_NE(sql.find("`" + std::string(table.name) + "`"), std::string::npos) << table.name;
    }
  }
}

TEST(Compile, NotesSayWhatAnAnswerLacks) {
  const auto made =
      compile("EmailEvents | extend g = geo_info_from_ip_address(SenderIPv4) | union EmailEvents",
              fixed_options());
  ASSERT_TRUE(made) << made.error().to_string();
  EXPECT_THAT(made->notes, testing::ElementsAre(
                               "The table EmailEvents is another product's: it holds no rows here.",
                               "geo_info_from_ip_address() has no data set here: it gives null."));
}

TEST(Compile, ConditionsOnAKeyStandOnBothSidesOfAJoin) {
  const auto count = [](std::string_view text, std::string_view part) {
    std::size_t found = 0;
    for (auto at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1)) {
      ++found;
    }
    return found;
  };
  const auto compiled = [&](std::string_view kind, std::string_view where) {
    return sql_of("DeviceEvents | join kind=" + std::string(kind) +
                  " (DeviceInfo | project DeviceId, OSPlatform) on DeviceId | where " +
                  std::string(where) + " | project DeviceId, FileName");
  };
  // p1 is the value of the condition: how often it stands in the statement.
  EXPECT_EQ(count(compiled("inner", "DeviceId == 'd'"), "{p1:String}"), 2U);
  EXPECT_EQ(count(compiled("innerunique", "DeviceId == 'd'"), "{p1:String}"), 2U);
  EXPECT_EQ(count(compiled("leftanti", "DeviceId == 'd'"), "{p1:String}"), 2U);
  EXPECT_EQ(count(compiled("inner", "FileName == 'f'"), "{p1:String}"), 1U);
  // Below the choice of innerunique only what was written there.
  const auto chosen = compiled("innerunique", "FileName == 'f'");
  EXPECT_GT(chosen.find("{p1:String}"), chosen.find("LIMIT 1 BY")) << chosen;
  const auto written = sql_of(
      "DeviceEvents | where FileName == 'f' | join (DeviceInfo | project DeviceId) on DeviceId");
  EXPECT_LT(written.find("{p1:String}"), written.find("LIMIT 1 BY")) << written;
  // Outer joins keep conditions on the side that may be missing behind them.
  const auto outer = compiled("leftouter", "OSPlatform == 'x'");
  EXPECT_GT(outer.find("{p1:String}"), outer.find(" LEFT JOIN ")) << outer;
  const auto full = compiled("fullouter", "DeviceId == 'd'");
  EXPECT_GT(full.find("{p1:String}"), full.find(" FULL JOIN ")) << full;
}

TEST(Compile, DeepAndLargeQueriesAreRefusedNotCrashed) {
  for (const auto& query :
       {"print " + std::string(5000, '(') + "1" + std::string(5000, ')'),
        "print " + std::string(5000, '-') + "1",
        "print dynamic(" + std::string(5000, '[') + std::string(5000, ']') + ")",
        "print a" + std::string(20000, '['), "let f = () { " + std::string(4000, '{') + "};"}) {
    EXPECT_FALSE(compile(query, fixed_options()));
  }
  std::string chain = "print x = 1";
  for (int i = 0; i < 60'000; ++i) {
    chain += " or 1 == 2";
  }
  const auto large = compile(chain, fixed_options());
  ASSERT_FALSE(large);
  EXPECT_EQ(large.error().code, ErrorCode::kLimit);
}

TEST(Compile, EmptyTablesHaveNoRows) {
  auto options = fixed_options();
  options.empty_tables = true;
  EXPECT_THAT(sql_of("DeviceEvents | project FileName", options),
              testing::HasSubstr("WHERE false"));
}

}  // namespace
}  // namespace spoor::kql
