// The registry as a whole: every entry is documented, and its example compiles to SQL that a golden
// file keeps.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "kql/functions/reference.h"
#include "kql/functions/registry.h"
#include "kql/kql.h"

namespace spoor::kql {
namespace {

CompileOptions fixed_options() {
  CompileOptions options;
  options.now = 17'700'000'000'000'000;
  return options;
}

/// `visit` with each entry once, whatever its aliases.
template <class Visit>
void each_entry(const Visit& visit) {
  const Registry& all = registry();
  for (const auto name : all.function_names()) {
    if (const auto* spec = all.function(name); spec->name == name) {
      visit(*spec);
    }
  }
  for (const auto name : all.aggregate_names()) {
    if (const auto* spec = all.aggregate(name); spec->name == name) {
      visit(*spec);
    }
  }
}

TEST(Functions, EveryEntryIsDocumented) {
  each_entry([](const auto& spec) {
    SCOPED_TRACE(spec.name);
    EXPECT_FALSE(spec.doc.empty());
    EXPECT_FALSE(spec.doc.ends_with(".")) << "the reference adds it";
    EXPECT_LE(spec.min_args, spec.max_args);
    EXPECT_TRUE(spec.max_args == 0 || !spec.args.empty());
    for (const ArgSpec& arg : spec.args) {
      EXPECT_FALSE(arg.name.empty());
      EXPECT_FALSE(arg.doc.empty());
      EXPECT_NE(arg.types, 0);
    }
    if (spec.refused.empty()) {
      EXPECT_NE(spec.example.find(std::string(spec.name) + "("), std::string_view::npos);
      EXPECT_FALSE(example_result(spec.name).empty()) << "the example has no recorded result";
    }
    if (spec.naming == Naming::kPrefixed && spec.refused.empty()) {
      // Aggregates of several columns name them themselves.
      const bool names_itself = spec.prefix.empty();
      if constexpr (requires { spec.emit_many; }) {
        EXPECT_EQ(names_itself, static_cast<bool>(spec.emit_many));
      } else {
        EXPECT_FALSE(names_itself);
      }
    }
  });
}

TEST(Functions, NamesAndAliasesAreUnique) {
  // add() lets a later entry take a name over; then the aliases of all entries are more than the
  // names found.
  const auto check = [](const auto& names, const auto& find) {
    std::map<std::string_view, std::set<const void*>> owners;
    for (const auto name : names) {
      const auto* spec = find(name);
      owners[name].insert(spec);
      EXPECT_TRUE(spec->name == name ||
                  std::ranges::find(spec->aliases, name) != spec->aliases.end())
          << name;
      EXPECT_EQ(find(spec->name), spec) << spec->name << " is defined twice";
      for (const auto alias : spec->aliases) {
        EXPECT_EQ(find(alias), spec) << alias << " is taken by another entry";
      }
    }
  };
  check(registry().function_names(),
        [](std::string_view name) { return registry().function(name); });
  check(registry().aggregate_names(),
        [](std::string_view name) { return registry().aggregate(name); });
}

TEST(Functions, ExamplesCompileToTheGoldenSql) {
  std::string now;
  each_entry([&](const auto& spec) {
    if (!spec.refused.empty()) {
      return;
    }
    const auto compiled = compile(spec.example, fixed_options());
    ASSERT_TRUE(compiled) << spec.example << ": " << compiled.error().to_string();
    now += "## " + std::string(spec.example) + "\n" + compiled->sql + "\n";
    for (const auto& parameter : compiled->parameters) {
      now += "  " + parameter.name + ":" + parameter.type + " = " + parameter.value + "\n";
    }
    for (const auto& column : compiled->columns) {
      now += "  -> " + column.name + ":" + std::string(schema::type_name(column.type)) + "\n";
    }
  });
  const std::string path = SPOOR_SOURCE_DIR "/tests/golden/kql/functions.txt";
  if (std::getenv("SPOOR_UPDATE_GOLDEN") != nullptr) {
    std::ofstream(path, std::ios::binary) << now;
  }
  std::ifstream in(path, std::ios::binary);
  std::stringstream kept;
  kept << in.rdbuf();
  EXPECT_EQ(now, kept.str()) << "run with SPOOR_UPDATE_GOLDEN=1 where the change is meant";
}

TEST(Functions, TextsOfUsersNeverEnterTheStatement) {
  const std::string_view needle = "x'); DROP";
  for (const std::string_view query :
       {R"(print strcat("x'); DROP", "a"))", R"(print replace_string("a", "x'); DROP", "b"))",
        R"(print split("a", "x'); DROP"))", R"~(print extract("(x'[)]; DROP)", 1, "x'); DROP"))~",
        R"(print bag_pack("x'); DROP", 1))", R"(print parse_json("x'); DROP").a)",
        R"(print datetime_utc_to_local(now(), "x'); DROP"))",
        R"(print format_datetime(now(), "x'); DROP"))",
        R"(print has_ipv4("x'); DROP", "x'); DROP"))",
        R"(print format_bytes(1, 0, "x'); DROP"))"}) {
    const auto compiled = compile(query, fixed_options());
    if (compiled) {
      EXPECT_EQ(compiled->sql.find(needle), std::string::npos) << compiled->sql;
    } else {
      EXPECT_NE(compiled.error().code, ErrorCode::kInternal) << query;
    }
  }
}

TEST(Functions, RefusedNamesSayWhy) {
  for (const std::string_view query :
       {"print geo_polygon_area(dynamic({}))", "print series_fft(dynamic([1]))",
        "print hash_combine(1, 2)", "range n from 1 to 3 step 1 | summarize hll(n)"}) {
    const auto compiled = compile(query, fixed_options());
    ASSERT_FALSE(compiled) << query;
    EXPECT_EQ(compiled.error().code, ErrorCode::kUnsupported) << query;
    EXPECT_GE(compiled.error().line, 1);
    EXPECT_THAT(compiled.error().message, testing::HasSubstr("not supported"));
  }
}

struct WrongCall {
  std::string_view query;
  std::string_view message;
  int column;
};

class WrongCalls : public testing::TestWithParam<WrongCall> {};

TEST_P(WrongCalls, AreErrorsWithAPlace) {
  const auto compiled = compile(GetParam().query, fixed_options());
  ASSERT_FALSE(compiled) << compiled->sql;
  EXPECT_THAT(compiled.error().message, testing::HasSubstr(GetParam().message));
  EXPECT_EQ(compiled.error().line, 1);
  EXPECT_EQ(compiled.error().column, GetParam().column);
}

INSTANTIATE_TEST_SUITE_P(
    Functions, WrongCalls,
    testing::Values(
        WrongCall{"print extract('(a)', 2, 'a')", "groups 0 to 1", 22},
        WrongCall{"print extract_all('a', 'a')", "at least one group", 19},
        WrongCall{"print extract_all('(a)', dynamic([2]), 'a')", "no group 2", 26},
        WrongCall{"print ipv4_is_in_range('10.0.0.1', '10.0.0.0/33')", "no IPv4 range", 36},
        WrongCall{"print bag_remove_keys(dynamic({}), dynamic(['$.a.b']))", "cannot be removed",
                  36},
        WrongCall{"print bin_at(1, 1h, 1)", "the size must be a number", 17},
        WrongCall{"print series_add(1, 2)", "one side must be an array", 18},
        WrongCall{"print datetime_utc_to_local(now(), 'no zone')", "no name of a time zone", 36},
        WrongCall{"range n from 1 to 3 step 1 | summarize percentile(n, 101)", "between 0 and 100",
                  54},
        WrongCall{"range n from 1 to 3 step 1 | summarize percentiles_array(n, dynamic(['a']))",
                  "between 0 and 100", 61}));

TEST(Functions, ReferenceHasEveryName) {
  std::string text;
  write_function_reference(text);
  each_entry([&](const auto& spec) {
    const std::string heading = spec.refused.empty() ? "### " + std::string(spec.name) + "\n"
                                                     : "- `" + std::string(spec.name) + "`: ";
    EXPECT_NE(text.find(heading), std::string::npos) << spec.name;
  });
  EXPECT_NE(text.find("`substring(text, start[, length])`"), std::string::npos)
      << text.substr(0, 2000);
  EXPECT_NE(text.find("gives `BC`"), std::string::npos);
}

}  // namespace
}  // namespace spoor::kql
