#include "kql/emit/terms.h"

#include <re2/re2.h>

#include <map>
#include <utility>

#include "kql/emit/forms.h"
#include "kql/emit/regex.h"

namespace spoor::kql {
namespace {

/// What is a letter or digit is asked of the same library that the engine matches with.
const RE2& term_runs() {
  static const RE2 kRuns("([\\p{L}\\p{N}]+)");
  return kRuns;
}

constexpr std::string_view kBefore = "(?:^|[^\\p{L}\\p{N}])";
constexpr std::string_view kAfter = "(?:[^\\p{L}\\p{N}]|$)";

/// The text with a byte before and a byte behind each term. Neither byte occurs in UTF-8, so what
/// `has` looks for is the needle's own marked text.
Sql marked(const Sql& text, bool any_case) {
  return call("replaceRegexpAll",
              {any_case ? call("lowerUTF8", {text}) : text, quoted("[\\p{L}\\p{N}]+"),
               call("concat", {call("unhex", {quoted("FE")}), quoted("\\0"),
                               call("unhex", {quoted("FF")})})});
}

Sql contains(const Sql& text, const Sql& needle) {
  return infix(">", call("position", {text, needle}), keyword("0"));
}

}  // namespace

std::vector<std::string> terms_of(std::string_view text) {
  std::vector<std::string> terms;
  re2::StringPiece rest(text.data(), text.size());
  for (std::string term; RE2::FindAndConsume(&rest, term_runs(), &term);) {
    terms.push_back(term);
  }
  return terms;
}

bool starts_with_term(std::string_view text) {
  static const RE2 kFirst("^[\\p{L}\\p{N}]");
  return RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), kFirst);
}

bool ends_with_term(std::string_view text) {
  static const RE2 kLast("[\\p{L}\\p{N}]$");
  return RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), kLast);
}

std::string term_pattern(std::string_view needle, bool any_case, bool left_guard,
                         bool right_guard) {
  std::string out = any_case ? "(?i)" : "";
  if (left_guard && starts_with_term(needle)) {
    out += kBefore;
  }
  out += escape_regex(needle);
  if (right_guard && ends_with_term(needle)) {
    out += kAfter;
  }
  return out;
}

std::vector<std::string> any_term_patterns(const std::vector<std::string>& needles) {
  // Guards stand once around all needles that need them: each costs as much as many needles.
  std::map<std::pair<bool, bool>, std::vector<const std::string*>> groups;
  for (const auto& needle : needles) {
    groups[{starts_with_term(needle), ends_with_term(needle)}].push_back(&needle);
  }
  constexpr std::size_t kLongest = 16'384;
  std::vector<std::string> patterns;
  for (const auto& [guards, group] : groups) {
    std::string inner;
    const auto close = [&]() {
      if (!inner.empty()) {
        patterns.push_back("(?i)" + std::string(guards.first ? kBefore : "") + "(?:" + inner + ")" +
                           std::string(guards.second ? kAfter : ""));
        inner.clear();
      }
    };
    for (const std::string* needle : group) {
      inner += (inner.empty() ? "" : "|") + escape_regex(*needle);
      if (inner.size() > kLongest) {
        close();
      }
    }
    close();
  }
  return patterns;
}

Sql has_each(const Sql& text, const Sql& needle, bool any_case, bool left_guard, bool right_guard) {
  return once(marked(needle, any_case), [&](const Sql& wanted) {
    Sql part = wanted;
    if (!left_guard) {
      part = if_(call("startsWith", {wanted, call("unhex", {quoted("FE")})}),
                 call("substring", {wanted, keyword("2")}), wanted);
    }
    if (!right_guard) {
      part = if_(call("endsWith", {wanted, call("unhex", {quoted("FF")})}),
                 call("substring",
                      {wanted, keyword("1"), infix("-", call("length", {wanted}), keyword("1"))}),
                 wanted);
    }
    return contains(marked(text, any_case), part);
  });
}

Sql has_each_of(const Sql& text, const Sql& needles, bool all) {
  const Sql body = marked(text, true);
  return once(body, [&](const Sql& whole) {
    return call(
        all ? "arrayAll" : "arrayExists",
        {lambda([&](const Sql& json) { return contains(whole, marked(dynamic_text(json), true)); }),
         needles});
  });
}

}  // namespace spoor::kql
