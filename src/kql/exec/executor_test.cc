#include "kql/exec/executor.h"

#include <gtest/gtest.h>

#include <limits>

#include "kql/exec/format.h"

namespace spoor::kql {
namespace {

/// One Native block with one Nullable(Int64) column r1.
std::string block(const std::vector<std::int64_t>& numbers) {
  std::string out;
  out += static_cast<char>(1);
  out += static_cast<char>(numbers.size());
  const auto text = [&](std::string_view name) {
    out += static_cast<char>(name.size());
    out += name;
  };
  text("r1");
  text("Nullable(Int64)");
  out.append(numbers.size(), '\0');
  for (const auto number : numbers) {
    out.append(reinterpret_cast<const char*>(&number), sizeof number);
  }
  return out;
}

TEST(Executor, CutsAtTheLimitAndSaysSo) {
  CompileOptions options;
  RunLimits limits;
  limits.max_rows = 2;
  const Runner runner = [](const EngineStatement&,
                           const std::function<Result<void>(std::string_view)>& sink) {
    return sink(block({1, 2, 3}));
  };
  std::vector<Row> rows;
  const auto result = run_query(runner, "range x from 1 to 3 step 1", options, limits,
                                [&](std::span<const Row> part) -> Result<void> {
                                  rows.insert(rows.end(), part.begin(), part.end());
                                  return {};
                                });
  ASSERT_TRUE(result) << result.error().to_string();
  EXPECT_TRUE(result->truncated);
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(std::get<std::int64_t>(rows[1][0]), 2);
}

TEST(Executor, RunsScalarsOfTablesFirst) {
  std::vector<std::string> statements;
  const Runner runner = [&](const EngineStatement& statement,
                            const std::function<Result<void>(std::string_view)>& sink) {
    statements.push_back(statement.sql);
    return sink(block({7}));
  };
  const auto result =
      run_query(runner, "let n = toscalar(DeviceEvents | count); print n + 1", CompileOptions{},
                RunLimits{}, [](std::span<const Row>) -> Result<void> { return {}; });
  ASSERT_TRUE(result) << result.error().to_string();
  EXPECT_EQ(statements.size(), 2U);
}

TEST(Executor, BytesAreLimitedAndCancelIsHeard) {
  const Runner runner = [&](const EngineStatement&,
                            const std::function<Result<void>(std::string_view)>& sink) {
    return sink(block({1}));
  };
  const auto nothing = [](std::span<const Row>) -> Result<void> { return {}; };
  RunLimits limits;
  limits.max_bytes = 3;
  const auto large = run_query(runner, "print 1", CompileOptions{}, limits, nothing);
  ASSERT_FALSE(large);
  EXPECT_EQ(large.error().code, ErrorCode::kLimit);
  const std::atomic<bool> cancelled{true};
  const auto ended =
      run_query(runner, "print 1", CompileOptions{}, RunLimits{}, nothing, "id", &cancelled);
  ASSERT_FALSE(ended);
  EXPECT_EQ(ended.error().code, ErrorCode::kCancelled);
}

std::string json(Type type, const Constant& value) {
  std::string out;
  append_json(out, type, value);
  return out;
}

TEST(Format, TextsOfValues) {
  EXPECT_EQ(json(Type::kDateTime, std::int64_t{0}), "\"1970-01-01T00:00:00.0000000Z\"");
  EXPECT_EQ(json(Type::kTimespan, std::int64_t{36'000'000'000}), "\"01:00:00\"");
  EXPECT_EQ(json(Type::kLong, std::int64_t{42}), "42");
  EXPECT_EQ(json(Type::kLong, (std::int64_t{1} << 53) + 1), "\"9007199254740993\"");
  EXPECT_EQ(json(Type::kBool, true), "true");
  EXPECT_EQ(json(Type::kReal, std::numeric_limits<double>::infinity()), "\"Infinity\"");
  EXPECT_EQ(json(Type::kReal, 0.1), "0.1");
  EXPECT_EQ(json(Type::kDynamic, std::string("{\"a\":1}")), "{\"a\":1}");
  EXPECT_EQ(json(Type::kString, std::string("a\"b\n")), "\"a\\\"b\\n\"");
  EXPECT_EQ(json(Type::kString, {}), "null");
  EXPECT_EQ(format_real(1e20), "1E+20");
  EXPECT_EQ(format_real(1.0), "1");
  EXPECT_EQ(
      csv_line({{"a", Type::kString}, {"b", Type::kLong}}, {std::string("x,\"y"), std::int64_t{1}}),
      "\"x,\"\"y\",1");
}

TEST(Format, JsonStaysValidWhateverTheBytes) {
  std::string out;
  append_json(out, Type::kString, std::string("a\xff\"\x01"));
  EXPECT_EQ(out, "\"a\ufffd\\\"\\u0001\"");
}

}  // namespace
}  // namespace spoor::kql
