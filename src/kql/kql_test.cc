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
                                         "arg_max_star", "join_inner", "join_outer",
                                         "let_functions", "union_source", "mv_expand",
                                         "datatable_print", "texts", "materialize_twice",
                                         "in_subquery", "parse_line", "windows", "mv_apply"),
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
        Refusal{"DeviceEvents | scan", ErrorCode::kUnsupported,
                "the operator scan is not supported", 1, 16},
        Refusal{"DeviceEvents | invoke FileProfile(SHA1, 500)", ErrorCode::kUnsupported,
                "the operator invoke is not supported", 1, 16},
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
        Refusal{"DeviceEvents | where FileName has FolderPath", ErrorCode::kUnsupported,
                "the right side of has must be constant", 1, 35},
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
