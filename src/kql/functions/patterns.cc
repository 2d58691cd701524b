// extract, extract_all, replace_regex, trim.

#include "base/text.h"
#include "kql/emit/forms.h"
#include "kql/emit/regex.h"
#include "kql/functions/conversions.h"
#include "kql/functions/families.h"

namespace spoor::kql {
namespace {

/// The translated pattern of a constant argument; errors point into the query.
Result<std::string> pattern_of(const Call& call_, std::size_t index) {
  const std::string* text = call_[index].text();
  if (text == nullptr) {
    return fail(call_.unsupported(index, "a regular expression must be a constant"));
  }
  auto pattern = translate_regex(*text);
  if (!pattern) {
    return fail(call_.unsupported(index, pattern.error().message));
  }
  return pattern;
}

Result<Value> extract(const Call& call_) {
  const std::string pattern = TRY(pattern_of(call_, 0));
  const auto group = call_[1].number();
  const int groups = count_groups(pattern);
  if (!group || *group < 0 || *group > groups) {
    return fail(call_.error(1, "the pattern has groups 0 to " + std::to_string(groups)));
  }
  const Sql text = call("regexpExtract",
                        {text_of(call_[2]), param_text(pattern), keyword(std::to_string(*group))});
  if (call_.size() < 4) {
    return string_value(text);
  }
  return convert_to(call_, string_value(text), call_[3].type);
}

/// Number of the group with a name; 0 where there is none. The pattern is valid, so every bracket
/// has its pair.
int group_number(std::string_view pattern, std::string_view name) {
  int groups = 0;
  bool in_class = false;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '\\') {
      ++i;
    } else if (in_class || pattern[i] == '[') {
      in_class = pattern[i] != ']';
    } else if (pattern[i] == '(') {
      std::string_view rest = pattern.substr(i + 1);
      if (!rest.starts_with("?")) {
        ++groups;
        continue;
      }
      rest.remove_prefix(rest.starts_with("?P<") ? 3 : rest.starts_with("?<") ? 2 : rest.size());
      if (!rest.empty()) {
        ++groups;
        if (rest.substr(0, rest.find('>')) == name) {
          return groups;
        }
      }
    }
  }
  return 0;
}

/// Numbers of the groups that a constant array names, by number or by name.
Result<std::vector<int>> groups_of(const Call& call_, const std::string& pattern, int groups) {
  const std::string* json = call_[1].type == Type::kDynamic ? call_[1].text() : nullptr;
  const std::string_view list = json == nullptr ? std::string_view() : trim_blanks(*json);
  if (list.size() < 2 || list.front() != '[' || list.back() != ']') {
    return fail(call_.unsupported(1, "the groups must be a constant array of numbers and names"));
  }
  std::vector<int> chosen;
  for (std::string_view item : split(list.substr(1, list.size() - 2), ',')) {
    item = trim_blanks(item);
    int number = 0;
    if (item.size() > 2 && item.front() == '"') {
      number = group_number(pattern, item.substr(1, item.size() - 2));
    } else {
      number = static_cast<int>(parse_int(item).value_or(0));
    }
    if (number < 1 || number > groups) {
      return fail(call_.error(1, "the pattern has no group " + std::string(item)));
    }
    chosen.push_back(number);
  }
  return chosen;
}

Result<Value> extract_all(const Call& call_) {
  const std::string pattern = TRY(pattern_of(call_, 0));
  const int groups = count_groups(pattern);
  if (groups == 0) {
    return fail(call_.error(0, "the pattern needs at least one group in brackets"));
  }
  std::vector<int> chosen;
  if (call_.size() > 2) {
    chosen = TRY(groups_of(call_, pattern, groups));
  } else {
    for (int group = 1; group <= groups; ++group) {
      chosen.push_back(group);
    }
  }
  const auto as_json = [](const Sql& match, int group) {
    return call("toJSONString", {element(match, keyword(std::to_string(group)))});
  };
  const Sql all =
      call("extractAllGroupsVertical", {text_of(call_[call_.size() - 1]), param_text(pattern)});
  const Sql elements = call("arrayMap", {lambda([&](const Sql& match) {
                                           if (chosen.size() == 1) {
                                             return as_json(match, chosen.front());
                                           }
                                           std::vector<Sql> texts;
                                           for (const int group : chosen) {
                                             texts.push_back(as_json(match, group));
                                           }
                                           return json_of_array(array(std::move(texts)));
                                         }),
                                         all});
  return dynamic_value(once(elements, [](const Sql& found) {
    return if_(call("empty", {found}), quoted(""), json_of_array(found));
  }));
}

Result<Value> replace(const Call& call_) {
  const std::string pattern = TRY(pattern_of(call_, 1));
  return string_value(
      call("replaceRegexpAll", {text_of(call_[0]), param_text(pattern), call_[2].sql}));
}
/// replace(pattern, rewrite, text): the old order of arguments.
Result<Value> replace_old(const Call& call_) {
  const std::string pattern = TRY(pattern_of(call_, 0));
  return string_value(
      call("replaceRegexpAll", {text_of(call_[2]), param_text(pattern), call_[1].sql}));
}

std::function<Result<Value>(const Call&)> trim(bool start, bool end) {
  return [start, end](const Call& call_) -> Result<Value> {
    const std::string pattern = TRY(pattern_of(call_, 0));
    Sql text = text_of(call_[1]);
    if (start) {
      text = call("replaceRegexpOne", {text, param_text("^(?:" + pattern + ")"), quoted("")});
    }
    if (end) {
      text = call("replaceRegexpOne", {text, param_text("(?:" + pattern + ")$"), quoted("")});
    }
    return string_value(text);
  };
}

void add_trim(Registry& registry, std::string_view name, std::string_view doc,
              std::string_view example, bool start, bool end) {
  registry.add(FunctionSpec{
      .name = name,
      .min_args = 2,
      .max_args = 2,
      .args = {{"regex", kStrings, "what to cut", true}, {"text", kAnyType, "the text"}},
      .doc = doc,
      .example = example,
      .emit = trim(start, end)});
}

}  // namespace

void add_patterns(Registry& registry) {
  registry.add(FunctionSpec{.name = "extract",
                            .min_args = 3,
                            .max_args = 4,
                            .args = {{"regex", kStrings, "the pattern", true},
                                     {"group", kIntegers, "0 for the whole match", true},
                                     {"text", kAnyType, "the text"},
                                     {"type", kAnyType, "typeof(type) of the result", true}},
                            .doc = "What a group of a pattern matches first; empty without a match",
                            .example = "print extract(@'x=(\\d+)', 1, 'x=42', typeof(long))",
                            .emit = extract});
  registry.add(
      FunctionSpec{.name = "extract_all",
                   .min_args = 2,
                   .max_args = 3,
                   .args = {{"regex", kStrings, "the pattern, with groups", true},
                            {"groups or text", kAnyType, "an array of groups to take, or the text"},
                            {"text", kAnyType, "the text"}},
                   .doc = "What the groups of a pattern match, for every match, as an array",
                   .example = "print extract_all(@'(\\d)', 'a1b2')",
                   .emit = extract_all});
  registry.add(FunctionSpec{.name = "replace_regex",
                            .min_args = 3,
                            .max_args = 3,
                            .args = {{"text", kAnyType, "the text"},
                                     {"regex", kStrings, "the pattern", true},
                                     {"rewrite", kStrings, "what to put; \\1 is the first group"}},
                            .doc = "The text with every match replaced",
                            .example = "print replace_regex('a1b2', @'\\d', '#')",
                            .emit = replace});
  registry.add(FunctionSpec{.name = "replace",
                            .min_args = 3,
                            .max_args = 3,
                            .args = {{"regex", kStrings, "the pattern", true},
                                     {"rewrite", kStrings, "what to put"},
                                     {"text", kAnyType, "the text"}},
                            .doc = "Old form of replace_regex with the text last",
                            .example = "print replace(@'\\d', '#', 'a1b2')",
                            .emit = replace_old});
  add_trim(registry, "trim", "The text without one match of the pattern at each end",
           "print trim(@'[-]+', '--a--')", true, true);
  add_trim(registry, "trim_start", "The text without one match of the pattern at its start",
           "print trim_start(@'[-]+', '--a--')", true, false);
  add_trim(registry, "trim_end", "The text without one match of the pattern at its end",
           "print trim_end(@'[-]+', '--a--')", false, true);
}

}  // namespace spoor::kql
