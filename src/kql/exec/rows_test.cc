// Rows of whole queries, as the engine gives them: tests/golden/kql/rows.txt. A block is comments
// (#), a query, and its answer in lines that begin with "-> ": columns first, then rows.

#include <algorithm>
#include <fstream>
#include <sstream>

#include "base/text.h"
#include "kql/exec/executor.h"
#include "kql/exec/format.h"
#include "kql/exec/store_runner.h"
#include "store/engine_fixture.h"

namespace spoor::kql {
namespace {

struct Block {
  std::string comment;
  std::string query;
  std::string answer;
};

std::vector<Block> blocks_of(const std::string& text) {
  std::vector<Block> blocks;
  bool fresh = true;
  for (const auto line : split(text, '\n')) {
    if (line.empty()) {
      fresh = true;
      continue;
    }
    if (std::exchange(fresh, false)) {
      blocks.emplace_back();
    }
    Block& block = blocks.back();
    std::string& part = line.starts_with("# ")   ? block.comment
                        : line.starts_with("->") ? block.answer
                                                 : block.query;
    part.append(line).append("\n");
  }
  return blocks;
}

class Rows : public store::EngineTest {
 protected:
  [[nodiscard]] std::string answer(const std::string& query) const {
    CompileOptions options;
    options.now = 17'700'000'000'000'000;
    std::string out;
    std::vector<Row> rows;
    const auto result = run_query(store_runner(*hunter_), query, options, RunLimits{},
                                  [&](std::span<const Row> part) -> Result<void> {
                                    rows.insert(rows.end(), part.begin(), part.end());
                                    return {};
                                  });
    if (!result) {
      return "-> error: " + result.error().to_string() + "\n";
    }
    out += "->";
    for (const auto& column : result->columns) {
      out += " " + column.name + ":" + std::string(schema::type_name(column.type));
    }
    out += "\n";
    for (const auto& row : rows) {
      out += "->";
      for (std::size_t i = 0; i < row.size(); ++i) {
        out += " ";
        append_json(out, result->columns[i].type, row[i]);
      }
      out += "\n";
    }
    for (const auto& note : result->notes) {
      out += "-> note: " + note + "\n";
    }
    return out;
  }
};

TEST_F(Rows, AreAsStored) {
  const std::string path = SPOOR_SOURCE_DIR "/tests/golden/kql/rows.txt";
  std::ifstream in(path, std::ios::binary);
  std::stringstream kept;
  kept << in.rdbuf();
  const auto blocks = blocks_of(kept.str());
  ASSERT_GT(blocks.size(), 40U);
  std::string now;
  for (const auto& block : blocks) {
    SCOPED_TRACE(block.query);
    const std::string found = answer(block.query);
    EXPECT_EQ(found, block.answer) << "run with SPOOR_UPDATE_GOLDEN=1 where the change is meant";
    now += (now.empty() ? "" : "\n") + block.comment + block.query + found;
  }
  if (std::getenv("SPOOR_UPDATE_GOLDEN") != nullptr) {
    std::ofstream(path, std::ios::binary) << now;
  }
}

}  // namespace
}  // namespace spoor::kql
