#include "storeworker/gate.h"

#include <gtest/gtest.h>

#include "storeworker/exceptions.h"
#include "storeworker/request.h"
#include "storeworker/sql_tokens.h"

namespace spoor::storeworker {
namespace {

/// Says what the engine would: by the first word, and by the semicolons outside of quotes.
Result<Classification> classified(std::string_view sql) {
  const TokenList list = *tokenize(sql);
  Classification found{.statements = 1, .kind = 3};
  const Token& first = list.tokens.front();
  if (first.is("SELECT") || first.is("WITH")) {
    found.kind = 0;
  } else if (first.is("ALTER") || first.is("INSERT") || first.is("CREATE") || first.is("DROP")) {
    found.kind = 1;
  }
  return found;
}

Result<Statement> judged(std::string_view sql, Access access = Access::kHunter,
                         Settings settings = {}) {
  return judge(sql, access, std::move(settings), "id", Limits{.max_memory = 1000, .max_seconds = 5},
               classified);
}

TEST(Tokens, QuotesAndCommentsHideWhatIsInThem) {
  const auto list = tokenize("SELECT 'a;''b\\'' , `x``;` -- ; DROP\n /* ; */ FROM t");
  ASSERT_TRUE(list);
  std::vector<std::string> texts;
  for (const Token& token : list->tokens) {
    texts.emplace_back(token.text);
  }
  EXPECT_EQ(texts, (std::vector<std::string>{"SELECT", "'a;''b\\''", ",", "`x``;`", "FROM", "t"}));
}

TEST(Tokens, WhatTheEngineCouldReadOtherwiseIsAnError) {
  for (const std::string_view sql :
       {"SELECT 'a", "SELECT /* /* */ 1 */", "SELECT # x", "SELECT $a$ x $a$", "SELECT (1",
        "SELECT 1)", "SELECT \xC2\xA0 1", "SELECT `a", "SELECT /* 1"}) {
    EXPECT_FALSE(tokenize(sql)) << sql;
  }
}

TEST(Gate, AReadGetsReadonlyTagAndLimits) {
  const auto statement = judged("SELECT 1", Access::kHunter, {{"max_execution_time", "2"}});
  ASSERT_TRUE(statement);
  EXPECT_EQ(statement->kind, StatementKind::kRead);
  EXPECT_TRUE(statement->sql.contains("readonly = 1")) << statement->sql;
  EXPECT_TRUE(statement->sql.contains("log_comment = 'id'")) << statement->sql;
  EXPECT_TRUE(statement->sql.contains("max_execution_time = 2")) << statement->sql;
  EXPECT_TRUE(statement->sql.contains("max_memory_usage = 1000")) << statement->sql;
}

TEST(Gate, MoreThanTheLimitsIsCutToThem) {
  const auto statement = judged("SELECT 1", Access::kHunter,
                                {{"max_execution_time", "99"}, {"max_memory_usage", "5000"}});
  ASSERT_TRUE(statement);
  EXPECT_TRUE(statement->sql.contains("max_execution_time = 5")) << statement->sql;
  EXPECT_TRUE(statement->sql.contains("max_memory_usage = 1000")) << statement->sql;
}

TEST(Gate, TheFormatAndTheSettingsAtTheEndAreTakenOff) {
  const auto statement = judged("SELECT 1 AS format SETTINGS max_threads = 2 FORMAT JSON");
  ASSERT_TRUE(statement) << statement.error().message;
  EXPECT_EQ(statement->format, "JSON");
  EXPECT_TRUE(statement->sql.starts_with("SELECT 1 AS format\nSETTINGS readonly = 1"))
      << statement->sql;
  EXPECT_TRUE(statement->sql.contains("max_threads = 2")) << statement->sql;
}

TEST(Gate, SettingsInASubqueryOrOutsideOfTheListAreRefused) {
  for (const std::string_view sql :
       {"SELECT * FROM (SELECT 1 SETTINGS readonly = 0)", "SELECT 1 SETTINGS readonly = 0",
        "SELECT 1 settings allow_ddl=1",
        "SELECT 1 UNION ALL SELECT 1 SETTINGS max_threads = 1 UNION ALL SELECT 2",
        "WITH (SELECT 1 SETTINGS readonly=2) AS x SELECT x",
        "SELECT 1 SETTINGS max_threads = (SELECT 1)", "SELECT 1 SETTINGS `readonly` = 0"}) {
    EXPECT_FALSE(judged(sql)) << sql;
    EXPECT_FALSE(judged(sql, Access::kOwner)) << sql;
  }
}

TEST(Gate, HuntersReadAndNothingElse) {
  for (const std::string_view sql :
       {"INSERT INTO t FORMAT Native", "INSERT INTO t SELECT 1", "ALTER TABLE t DELETE WHERE 1",
        "DROP TABLE t", "CREATE TABLE t (a Int8) ENGINE = Memory",
        "KILL QUERY WHERE query_id = 'x'", "SET readonly = 0", "SYSTEM SHUTDOWN",
        "SELECT 1 INTO OUTFILE '/tmp/x'", "SELECT 1; SELECT 2", "", ";"}) {
    EXPECT_FALSE(judged(sql)) << sql;
  }
}

TEST(Gate, TheOwnerDoesNotReachFilesOrTheSystem) {
  for (const std::string_view sql :
       {"SELECT 1 INTO OUTFILE '/tmp/x'", "INSERT INTO t FROM INFILE 'x' FORMAT CSV",
        "SET readonly = 0", "SYSTEM SHUTDOWN", "KILL QUERY WHERE 1",
        "KILL QUERY WHERE query_id = 'x' OR 1", "SELECT 1; DROP TABLE t"}) {
    EXPECT_FALSE(judged(sql, Access::kOwner)) << sql;
  }
}

TEST(Gate, AnInsertIsRebuiltAndItsDataIsNotLookedAt) {
  const std::string_view sql = "insert into `d`.t (a, `b c`) format TSV\nx\n\nDROP TABLE t; ' \" (";
  const auto statement = judged(sql, Access::kOwner, {{"insert_deduplication_token", "7-t-0"}});
  ASSERT_TRUE(statement) << statement.error().message;
  EXPECT_EQ(statement->kind, StatementKind::kInsert);
  EXPECT_EQ(statement->sql,
            "INSERT INTO `d`.`t` (`a`, `b c`) SETTINGS insert_deduplication_token = '7-t-0'");
  EXPECT_EQ(statement->format, "TSV");
  EXPECT_EQ(sql.substr(statement->data_offset), "x\n\nDROP TABLE t; ' \" (");
}

TEST(Gate, InsertsOfOtherShapesAreErrors) {
  for (const std::string_view sql :
       {"INSERT INTO FUNCTION file('x') FORMAT TSV\n1", "INSERT INTO t (a FORMAT TSV\n1",
        "INSERT INTO t FORMAT TSV SETTINGS readonly=0", "INSERT t FORMAT TSV\n1",
        "INSERT INTO t SETTINGS readonly = 0 FORMAT TSV\n1", "INSERT INTO t (a) (b) FORMAT TSV\n",
        "INSERT INTO t PARTITION BY a FORMAT TSV\n1"}) {
    EXPECT_FALSE(judged(sql, Access::kOwner)) << sql;
  }
}

TEST(Gate, KillNamesOneStatement) {
  const auto statement = judged("KILL QUERY WHERE query_id = 'q-1' SYNC", Access::kOwner);
  ASSERT_TRUE(statement);
  EXPECT_EQ(statement->kind, StatementKind::kKill);
  EXPECT_EQ(statement->kill_id, "q-1");
}

TEST(Gate, FreezeIsAllowedToTheOwnerInOneShape) {
  const auto statement = judged("alter table `a b` freeze with name 'id-1'", Access::kOwner);
  ASSERT_TRUE(statement) << statement.error().message;
  EXPECT_EQ(statement->kind, StatementKind::kChange);
  EXPECT_EQ(statement->sql, "ALTER TABLE `a b` FREEZE WITH NAME 'id-1'");
  EXPECT_FALSE(judged("ALTER TABLE t FREEZE WITH NAME 'id'"));
  for (const std::string_view sql :
       {"ALTER TABLE t FREEZE WITH NAME '../x'", "ALTER TABLE t FREEZE WITH NAME 'a.b'",
        "ALTER TABLE t FREEZE WITH NAME ''", "ALTER TABLE t FREEZE WITH NAME 'x' SETTINGS a = 1"}) {
    EXPECT_FALSE(judged(sql, Access::kOwner)) << sql;
  }
}

TEST(Request, ReadsTheInterfacesParameters) {
  const auto request =
      read_request({.target = "/?query=SELECT%20%7Ba%3AString%7D&param_a=x%5Cty+z&database=spoor&"
                              "query_id=q1&user=hunter&max_threads=2&wait_end_of_query=1"});
  ASSERT_TRUE(request) << request.error().message;
  EXPECT_EQ(request->query, "SELECT {a:String}");
  ASSERT_EQ(request->parameters.size(), 1U);
  EXPECT_EQ(request->parameters[0].value, "x\\ty z");
  EXPECT_EQ(request->access, Access::kHunter);
  EXPECT_EQ(request->settings, (Settings{{"max_threads", "2"}}));
}

TEST(Request, TheNarrowerUserWins) {
  const auto request = read_request({.target = "/?user=default",
                                     .user = "hunter",
                                     .authorization = {},
                                     .database = {},
                                     .format = {}});
  ASSERT_TRUE(request);
  EXPECT_EQ(request->access, Access::kHunter);
  // default: and hunter: in Base64
  EXPECT_EQ(read_request({.target = "/", .authorization = "Basic ZGVmYXVsdDo="})->access,
            Access::kOwner);
  EXPECT_EQ(read_request({.target = "/", .authorization = "Basic aHVudGVyOg=="})->access,
            Access::kHunter);
  EXPECT_FALSE(read_request({.target = "/?user=root"}));
}

TEST(Request, RefusesWhatItDoesNotKnow) {
  for (const std::string_view target :
       {"/?readonly=0", "/?max_threads=1'", "/?query_id=a%0d%0ab", "/?query=%zz",
        "/?default_format=a%0d%0ab", "/?compress=1"}) {
    EXPECT_FALSE(read_request({.target = target})) << target;
  }
  EXPECT_EQ(exception_of(read_request({.target = "/?readonly=0"}).error()).code, 115);
}

}  // namespace
}  // namespace spoor::storeworker
