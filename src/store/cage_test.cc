// What a hostile statement can reach: the gate, the grants and the cage together, against the
// engine itself.

#include <gmock/gmock.h>

#include <chrono>
#include <thread>

#include "store/engine_fixture.h"

namespace spoor::store {
namespace {

using testing::HasSubstr;
using testing::Not;

class Cage : public EngineTest {};

TEST_F(Cage, FilesOfTheSystemAreOutOfReach) {
  for (const char* sql :
       {"SELECT count() FROM file('/etc/passwd', 'LineAsString')",
        "SELECT length(file('/etc/passwd'))",
        "SELECT * FROM (SELECT count() FROM file('/etc/passwd', 'LineAsString') SETTINGS readonly "
        "= 0)",
        "WITH (SELECT count() FROM file('/etc/passwd', 'LineAsString')) AS x SELECT x",
        "SELECT length(file('/proc/self/../../etc/shadow'))"}) {
    EXPECT_THAT(hunt(sql), HasSubstr("error: Code: ")) << sql;
    EXPECT_THAT(ask(sql), HasSubstr("error: Code: ")) << sql;
  }
  EXPECT_THAT(hunt("SELECT length(file('/etc/passwd'))"), HasSubstr("Permission denied"));
}

TEST_F(Cage, NothingIsWrittenOutside) {
  const std::string target = folder_ + "/written";
  for (const Client* client : {client_.get(), hunter_.get()}) {
    EXPECT_THAT(answer(*client, "SELECT 1 INTO OUTFILE '" + target + "'"), HasSubstr("Code: 497"));
  }
  EXPECT_THAT(ask("INSERT INTO FUNCTION file('" + target + "', 'TSV', 'a Int64') SELECT 1"),
              HasSubstr("error: Code: "));
  EXPECT_FALSE(std::filesystem::exists(target));
}

TEST_F(Cage, TheNetworkAndProgramsAreOutOfReach) {
  for (const char* sql :
       {"SELECT * FROM url('http://127.0.0.1:9/', 'LineAsString')",
        "SELECT * FROM remote('127.0.0.1', system.one)",
        "SELECT * FROM executable('x.sh', 'TSV', 'a String')", "SELECT * FROM sqlite('/x', 'y')"}) {
    EXPECT_THAT(hunt(sql), HasSubstr("error: Code: ")) << sql;
  }
  EXPECT_THAT(ask("CREATE DICTIONARY d (a UInt64) PRIMARY KEY a SOURCE(EXECUTABLE(COMMAND 'id' "
                  "FORMAT 'TSV')) LAYOUT(FLAT()) LIFETIME(0)"),
              HasSubstr("error: Code: "));
  EXPECT_THAT(ask("CREATE TABLE f (a Int64) ENGINE = File(TSV)"), HasSubstr("Code: 497"));
}

TEST_F(Cage, AHunterChangesNothing) {
  execute("CREATE TABLE t (a Int64) ENGINE = MergeTree ORDER BY a");
  for (const char* sql : {"DROP TABLE t", "INSERT INTO t SELECT 1", "ALTER TABLE t DELETE WHERE 1",
                          "TRUNCATE TABLE t", "SELECT 1; DROP TABLE t",
                          "CREATE TABLE u (a Int64) ENGINE = MergeTree ORDER BY a",
                          "SET readonly = 0", "KILL QUERY WHERE query_id = 'x'"}) {
    EXPECT_THAT(hunt(sql), HasSubstr("error: Code: ")) << sql;
  }
  EXPECT_THAT(answer(*hunter_, "SELECT 1", {}, {{"readonly", "0"}}), HasSubstr("Code: 115"));
  EXPECT_EQ(ask("EXISTS TABLE t"), "1\n");
  EXPECT_EQ(hunt("SELECT count() FROM t"), "0\n");
}

TEST_F(Cage, DataIsNeverRunAsAStatement) {
  execute("CREATE TABLE victim (s String) ENGINE = MergeTree ORDER BY s");
  Query insert;
  insert.sql = "INSERT INTO victim FORMAT TSV\nhello\n\nDROP TABLE victim\nSELECT 1;\n";
  ASSERT_TRUE(client_->execute(insert));
  EXPECT_EQ(ask("SELECT s FROM victim ORDER BY s FORMAT TSV"),
            "\nDROP TABLE victim\nSELECT 1;\nhello\n");
}

TEST_F(Cage, ParametersKeepEveryByte) {
  std::string text = "tab\tline\nreturn\rquote'\"`back\\slash\\N {x:String} \xC3\xA9 -- ; /*";
  text += '\0';
  text += "end";
  EXPECT_EQ(hunt("SELECT hex({x:String}) = {y:String}",
                 {{"x", escape_value(text)},
                  {"y",
                   [&] {
                     std::string digits;
                     for (const char byte : text) {
                       char pair[3];
                       std::snprintf(pair, sizeof(pair), "%02X", static_cast<unsigned char>(byte));
                       digits += pair;
                     }
                     return digits;
                   }()}}),
            "1\n");
  EXPECT_EQ(
      hunt("SELECT length({x:Array(String)}), {x:Array(String)}[2] = {y:String}",
           {{"x", array_value(std::vector<std::string>{"a,b]", text})}, {"y", escape_value(text)}}),
      "2\t1\n");
  EXPECT_EQ(hunt("SELECT arraySum({x:Array(Int64)})",
                 {{"x", array_value(std::vector<std::int64_t>{1, -5, 9})}}),
            "5\n");
}

TEST_F(Cage, LimitsEndAStatementWithTheirOwnError) {
  Query query;
  query.sql = "SELECT sum(cityHash64(number)) FROM numbers(100000000000)";
  query.max_seconds = 1;
  const auto slow = hunter_->query_text(query);
  ASSERT_FALSE(slow);
  EXPECT_EQ(slow.error().code, ErrorCode::kLimit) << slow.error().message;
  query.sql = "SELECT groupArray(number) FROM numbers(50000000)";
  query.max_seconds = 30;
  query.settings = {{"max_memory_usage", "50000000"}};
  const auto large = hunter_->query_text(query);
  ASSERT_FALSE(large);
  EXPECT_EQ(large.error().code, ErrorCode::kLimit) << large.error().message;
}

TEST_F(Cage, AnErrorBehindTheFirstRowsIsAnErrorAndNotACutAnswer) {
  Query query;
  query.sql = "SELECT number, throwIf(number = 3000000) FROM numbers(10000000)";
  query.format = "TSV";
  const auto cut = hunter_->query_text(query);
  ASSERT_FALSE(cut);
  EXPECT_THAT(cut.error().message, HasSubstr("FUNCTION_THROW_IF_VALUE_IS_NON_ZERO"));
  EXPECT_THAT(cut.error().message, Not(HasSubstr("__exception__")));
}

TEST_F(Cage, CancelEndsARunningStatement) {
  Query query;
  query.sql = "SELECT sum(cityHash64(number)) FROM numbers(1000000000000)";
  query.query_id = "victim-1";
  Result<std::string> outcome = std::string();
  std::thread runner([&] { outcome = hunter_->query_text(query); });
  while (ask("SELECT count() FROM system.processes WHERE Settings['log_comment'] = 'victim-1'") ==
         "0\n") {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  const auto cancelled = client_->cancel("victim-1");
  runner.join();
  EXPECT_TRUE(cancelled) << cancelled.error().message;
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, ErrorCode::kCancelled) << outcome.error().message;
}

TEST_F(Cage, AnErrorOfTheSinkEndsTheStatement) {
  Query query;
  query.sql = "SELECT number FROM numbers(1000000000000)";
  query.query_id = "sink-1";
  const auto ended = hunter_->query(
      query, [](std::string_view) -> Result<void> { return fail(ErrorCode::kLimit, "enough"); });
  ASSERT_FALSE(ended);
  EXPECT_EQ(ended.error().message, "enough");
  for (int waited = 0;
       waited < 500 &&
       ask("SELECT count() FROM system.processes WHERE Settings['log_comment'] = 'sink-1'") !=
           "0\n";
       ++waited) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  EXPECT_EQ(ask("SELECT count() FROM system.processes WHERE Settings['log_comment'] = 'sink-1'"),
            "0\n");
}

TEST_F(Cage, TheFolderHasOneOwnerAndTheSocketIsPrivate) {
  const auto second = WorkerProcess::start(folder_);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::kConflict) << second.error().to_string();
  const auto mode = std::filesystem::status(worker_->endpoint().unix_socket).permissions();
  EXPECT_EQ(mode & std::filesystem::perms::mask,
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

}  // namespace
}  // namespace spoor::store
