// Public hunting queries: none may crash; how many compile, and to which columns.

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "json/reader.h"
#include "kql/kql.h"

namespace spoor::kql {
namespace {

std::filesystem::path shared_data() {
  const char* given = std::getenv("SPOOR_SHARED_DATA");
  return given != nullptr ? std::filesystem::path(given)
                          : std::filesystem::path(SPOOR_SOURCE_DIR) / "../shared/data";
}

TEST(Corpus, CompilesToTheColumnsOfTheReferenceOrSaysWhere) {
  const auto path = shared_data() / "kql/corpus-open.jsonl";
  if (!std::filesystem::exists(path)) {
    GTEST_SKIP() << "the corpus of hunting queries is not here: " << path;
  }
  std::ifstream lines(path);
  CompileOptions options;
  options.now = 17'700'000'000'000'000;
  // Lists from outside are there and empty.
  options.external = [](std::string_view) -> Result<std::string> { return std::string(); };
  CompileOptions closed = options;
  closed.external = nullptr;
  int queries = 0;
  int compiled_count = 0;
  int closed_count = 0;
  int same = 0;
  int other_columns = 0;
  for (std::string text; std::getline(lines, text);) {
    const auto line = json::parse(text);
    ASSERT_TRUE(line) << line.error().message;
    const std::string* given = (*line)["query"].as_string();
    ASSERT_NE(given, nullptr);
    const std::string& query = *given;
    ++queries;
    const auto compiled = compile(query, options);
    if (!compiled) {
      EXPECT_GE(compiled.error().line, 1) << compiled.error().message << "\n" << query;
      EXPECT_NE(compiled.error().code, ErrorCode::kInternal) << query;
      continue;
    }
    const bool* clean = (*line)["clean"].as_bool();
    ASSERT_NE(clean, nullptr);
    if (!*clean) {
      continue;
    }
    ++compiled_count;
    closed_count += compile(query, closed) ? 1 : 0;
    std::string expected;
    const json::Dynamic::Array* columns = (*line)["result_columns"].as_array();
    ASSERT_NE(columns, nullptr);
    for (const json::Dynamic& column : *columns) {
      expected.append(column["name"].text_or(""))
          .append(":")
          .append(column["type"].text_or(""))
          .append("\n");
    }
    std::string found;
    for (const auto& column : compiled->columns) {
      found += column.name + ":" + std::string(schema::type_name(column.type)) + "\n";
    }
    same += found == expected ? 1 : 0;
    other_columns += found == expected ? 0 : 1;
  }
  RecordProperty("queries", queries);
  RecordProperty("compiled", compiled_count);
  RecordProperty("same_columns", same);
  std::printf(
      "corpus: %d queries, %d clean ones compile (%d without lists from outside), %d with the "
      "reference's columns\n",
      queries, compiled_count, closed_count, same);
  // Floors measured on the corpus of 1,122 queries, 757 of them clean.
  EXPECT_GE(compiled_count, 745);
  EXPECT_GE(closed_count, 690);
  EXPECT_GE(same, 730);
  // Columns that depend on data, and unions of one name in two types.
  EXPECT_LE(other_columns, 12);
}

}  // namespace
}  // namespace spoor::kql
