// parse_json, pack_array, bag_pack, bag_keys, bag_merge, extract_json, pack_all.

#include "base/text.h"
#include "kql/emit/forms.h"
#include "kql/functions/conversions.h"
#include "kql/functions/families.h"

namespace spoor::kql {
namespace {

/// Text that is no JSON is the text itself.
Result<Value> parse(const Call& call_) {
  if (call_[0].type == Type::kDynamic) {
    return call_[0];
  }
  return dynamic_value(once(text_of(call_[0]), [](const Sql& text) {
    return call("multiIf", {equals(text, quoted("")), quoted(""), call("isValidJSON", {text}),
                            call("JSONExtractRaw", {text}), call("toJSONString", {text})});
  }));
}

Result<Value> pack_array(const Call& call_) {
  std::vector<Sql> elements;
  for (const Value& value : call_.args) {
    elements.push_back(json_of(value));
  }
  return array_value(elements.empty() ? cast(array({}), "Array(String)")
                                      : array(std::move(elements)));
}

Sql member_text(const Sql& key, const Sql& value) {
  return call("concat", {call("toJSONString", {key}), quoted(":"), value});
}

Result<Value> pack_bag(const Call& call_) {
  if (call_.size() % 2 != 0) {
    return fail(call_.error(call_.size() - 1, "keys and values come in pairs"));
  }
  std::vector<Sql> members;
  for (std::size_t at = 0; at < call_.size(); at += 2) {
    members.push_back(member_text(text_of(call_[at]), json_of(call_[at + 1])));
  }
  const Sql body = members.empty()
                       ? quoted("")
                       : call("arrayStringConcat", {array(std::move(members)), quoted(",")});
  return dynamic_value(call("concat", {quoted("{"), body, quoted("}")}));
}

Result<Value> pack_columns(const Call& call_, const std::vector<VisibleColumn>& columns,
                           bool without_nulls = false) {
  std::vector<Sql> members;
  for (const VisibleColumn& column : columns) {
    if (column.hidden) {
      continue;
    }
    Sql text = member_text(param_text(column.name), json_of(column.value));
    if (without_nulls) {
      const Sql absent = infix("IN", json_of(column.value), keyword("('null', '\"\"')"));
      text = if_(absent, quoted(""), text);
    }
    members.push_back(std::move(text));
  }
  if (members.empty()) {
    return fail(error_at(call_.span, ErrorCode::kInvalidInput, "there is no column to pack"));
  }
  Sql all = array(std::move(members));
  if (without_nulls) {
    all = call("arrayFilter",
               {lambda([](const Sql& text) { return call("notEmpty", {text}); }), all});
  }
  return dynamic_value(
      call("concat", {quoted("{"), call("arrayStringConcat", {all, quoted(",")}), quoted("}")}));
}

Sql pairs(const Sql& bag) { return call("JSONExtractKeysAndValuesRaw", {bag}); }
Sql bag_of(const Sql& members) {
  const Sql texts =
      call("arrayMap",
           {lambda([](const Sql& pair) { return member_text(member(pair, 1), member(pair, 2)); }),
            members});
  return call("concat",
              {quoted("{"), call("arrayStringConcat", {texts, quoted(",")}), quoted("}")});
}
Sql is_bag(const Sql& json) { return equals(call("JSONType", {json}), quoted("Object")); }

Result<Value> bag_keys(const Call& call_) {
  return dynamic_value(once(dynamic_of(call_[0]), [](const Sql& json) {
    const Sql keys =
        call("arrayMap", {lambda([](const Sql& key) { return call("toJSONString", {key}); }),
                          call("JSONExtractKeys", {json})});
    return if_(is_bag(json), json_of_array(keys), quoted(""));
  }));
}

/// The first bag that has a key gives its value.
Result<Value> bag_merge(const Call& call_) {
  std::vector<Sql> all;
  for (const Value& value : call_.args) {
    all.push_back(pairs(dynamic_of(value)));
  }
  return dynamic_value(
      once(all.size() == 1 ? all[0] : call("arrayConcat", std::move(all)), [](const Sql& members) {
        const Sql names =
            call("arrayMap", {lambda([](const Sql& pair) { return member(pair, 1); }), members});
        const Sql first = call(
            "arrayFilter", {lambda(2,
                                   [&](std::span<const Sql> v) {
                                     return equals(call("indexOf", {names, member(v[0], 1)}), v[1]);
                                   }),
                            members, call("arrayEnumerate", {members})});
        return bag_of(first);
      }));
}

Result<Value> bag_remove(const Call& call_) {
  if (const std::string* keys = call_[1].text();
      keys != nullptr && keys->find("\"$.") != std::string::npos) {
    return fail(call_.unsupported(1, "keys of bags inside the bag ($.a.b) cannot be removed"));
  }
  const Sql keys = call(
      "arrayMap", {lambda([](const Sql& key) { return dynamic_text(key); }), array_of(call_[1])});
  return dynamic_value(once(dynamic_of(call_[0]), [&](const Sql& json) {
    const Sql kept =
        call("arrayFilter",
             {lambda([&](const Sql& pair) { return not_(call("has", {keys, member(pair, 1)})); }),
              pairs(json)});
    return if_(is_bag(json), bag_of(kept), quoted(""));
  }));
}

/// $.a['b c'][1].d as steps: texts are keys, numbers are positions from 0.
struct PathStep {
  std::string key;
  std::optional<std::int64_t> index;
};

std::optional<std::vector<PathStep>> parse_path(std::string_view path) {
  std::vector<PathStep> steps;
  if (path.starts_with("$")) {
    path.remove_prefix(1);
  }
  while (!path.empty()) {
    if (path.front() == '.') {
      const std::size_t end = std::min(path.find_first_of(".[", 1), path.size());
      if (end == 1) {
        return std::nullopt;
      }
      steps.push_back({std::string(path.substr(1, end - 1)), std::nullopt});
      path.remove_prefix(end);
    } else if (path.front() == '[') {
      const std::size_t end = path.find(']');
      if (end == std::string_view::npos) {
        return std::nullopt;
      }
      std::string_view inside = path.substr(1, end - 1);
      if (inside.size() >= 2 && (inside.front() == '\'' || inside.front() == '"') &&
          inside.back() == inside.front()) {
        steps.push_back({std::string(inside.substr(1, inside.size() - 2)), std::nullopt});
      } else if (const auto index = parse_int(inside)) {
        steps.push_back({"", *index});
      } else {
        return std::nullopt;
      }
      path.remove_prefix(end + 1);
    } else {
      return std::nullopt;
    }
  }
  return steps;
}

Result<Value> extract_json(const Call& call_) {
  const std::string* path = call_[0].text();
  const auto steps = path != nullptr ? parse_path(*path) : std::nullopt;
  if (!steps) {
    return fail(call_.error(0, "the path must be a constant such as '$.a[0].b'"));
  }
  Sql json =
      dynamic_of(call_[1].type == Type::kDynamic ? call_[1] : dynamic_value(text_of(call_[1])));
  for (const PathStep& step : *steps) {
    if (step.index) {
      const std::int64_t place = *step.index >= 0 ? *step.index + 1 : *step.index;
      json = once(json, [&](const Sql& outer) {
        return if_(equals(call("JSONType", {outer}), quoted("Array")),
                   call("JSONExtractRaw", {outer, param_int(place)}), quoted(""));
      });
    } else {
      json = call("JSONExtractRaw", {json, param_text(step.key)});
    }
  }
  const Value text = string_value(dynamic_text(json));
  if (call_.size() > 2 && call_[2].type == Type::kDynamic) {
    return dynamic_value(json);
  }
  return call_.size() > 2 ? convert_to(call_, text, call_[2].type) : Result<Value>(text);
}

}  // namespace

void add_dynamics(Registry& registry) {
  registry.add(
      FunctionSpec{.name = "parse_json",
                   .aliases = {"todynamic", "parsejson", "toobject"},
                   .min_args = 1,
                   .max_args = 1,
                   .args = {{"json", kAnyType, "JSON text"}},
                   .naming = Naming::kFirst,
                   .doc = "The value that a JSON text describes; a text that is no JSON is itself",
                   .example = "print parse_json('{\"a\":1}').a",
                   .emit = parse});
  registry.add(FunctionSpec{.name = "dynamic_to_json",
                            .min_args = 1,
                            .max_args = 1,
                            .args = {{"value", kDynamics, "a dynamic value"}},
                            .doc = "The value as JSON text",
                            .example = "print dynamic_to_json(dynamic([1,2]))",
                            .emit = [](const Call& call_) -> Result<Value> {
                              return string_value(dynamic_of(call_[0]));
                            }});
  registry.add(FunctionSpec{.name = "pack_array",
                            .min_args = 0,
                            .max_args = kMany,
                            .args = {{"value", kAnyType, "elements"}},
                            .doc = "An array of the values",
                            .example = "print pack_array(1, 'a')",
                            .emit = pack_array});
  registry.add(FunctionSpec{.name = "bag_pack",
                            .aliases = {"pack", "pack_dictionary"},
                            .min_args = 0,
                            .max_args = kMany,
                            .args = {{"key or value", kAnyType, "keys and values in turn"}},
                            .doc = "A bag of keys and values",
                            .example = "print bag_pack('a', 1, 'b', 'x')",
                            .emit = pack_bag});
  registry.add(FunctionSpec{.name = "pack_all",
                            .max_args = 1,
                            .args = {{"ignore_null_empty", kBools, "leave out nulls", true}},
                            .doc = "A bag of all columns of the row",
                            .example = "print a = 1 | project b = pack_all()",
                            .emit = [](const Call& call_) -> Result<Value> {
                              const bool* known = call_.size() > 0 && call_[0].constant
                                                      ? std::get_if<bool>(&*call_[0].constant)
                                                      : nullptr;
                              return pack_columns(call_, call_.columns(), known && *known);
                            }});
  registry.add(FunctionSpec{.name = "bag_pack_columns",
                            .min_args = 1,
                            .max_args = kMany,
                            .args = {{"column", kAnyType, "columns; their names are the keys"}},
                            .doc = "A bag of some columns of the row",
                            .example = "print a = 1, b = 2 | project c = bag_pack_columns(a, b)",
                            .emit = [](const Call& call_) -> Result<Value> {
                              std::vector<VisibleColumn> columns;
                              for (std::size_t at = 0; at < call_.size(); ++at) {
                                if (call_[at].name.empty()) {
                                  return fail(call_.error(at, "bag_pack_columns() takes columns"));
                                }
                                columns.push_back({call_[at].name, call_[at], false});
                              }
                              return pack_columns(call_, columns);
                            }});
  registry.add(FunctionSpec{.name = "bag_keys",
                            .min_args = 1,
                            .max_args = 1,
                            .args = {{"bag", kDynamics, "a bag"}},
                            .doc = "The keys of a bag, as an array; null where it is no bag",
                            .example = "print bag_keys(dynamic({'a':1,'b':2}))",
                            .emit = bag_keys});
  registry.add(FunctionSpec{.name = "bag_has_key",
                            .min_args = 2,
                            .max_args = 2,
                            .args = {{"bag", kDynamics, "a bag"}, {"key", kStrings, "a key"}},
                            .doc = "True where the bag has the key",
                            .example = "print bag_has_key(dynamic({'a':1}), 'a')",
                            .emit = [](const Call& call_) -> Result<Value> {
                              return cast_value(
                                  Type::kBool,
                                  call("JSONHas", {dynamic_of(call_[0]), call_[1].sql}), false);
                            }});
  registry.add(FunctionSpec{.name = "bag_merge",
                            .min_args = 1,
                            .max_args = 64,
                            .args = {{"bag", kDynamics, "bags"}},
                            .doc = "One bag of several; the first that has a key gives its value",
                            .example = "print bag_merge(dynamic({'a':1}), dynamic({'a':2,'b':3}))",
                            .emit = bag_merge});
  registry.add(
      FunctionSpec{.name = "bag_remove_keys",
                   .min_args = 2,
                   .max_args = 2,
                   .args = {{"bag", kDynamics, "a bag"}, {"keys", kDynamics, "an array of keys"}},
                   .doc = "The bag without some keys",
                   .example = "print bag_remove_keys(dynamic({'a':1,'b':2}), dynamic(['a']))",
                   .difference = "paths such as '$.a.b' are not followed",
                   .emit = bag_remove});
  registry.add(
      FunctionSpec{.name = "extract_json",
                   .aliases = {"extractjson"},
                   .min_args = 2,
                   .max_args = 3,
                   .args = {{"path", kStrings, "such as '$.a[0].b'", true},
                            {"json", kStrings | kDynamics, "JSON text"},
                            {"type", kAnyType, "typeof(type) of the result", true}},
                   .doc = "The value at a path of a JSON text",
                   .example = "print extract_json('$.a[1]', '{\"a\":[1,2]}', typeof(long))",
                   .emit = extract_json});
}

}  // namespace spoor::kql
