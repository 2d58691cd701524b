// strcat, tolower, strlen, substring, split, replace_string, indexof, countof, reverse, repeat,
// translate.

#include "kql/emit/forms.h"
#include "kql/functions/families.h"

namespace spoor::kql {
namespace {

Result<Value> concatenate(const Call& call_) {
  std::vector<Sql> texts;
  for (const Value& value : call_.args) {
    texts.push_back(text_of(value));
  }
  return string_value(texts.size() == 1 ? texts[0] : call("concat", std::move(texts)));
}

Result<Value> concatenate_with(const Call& call_) {
  std::vector<Sql> texts;
  for (std::size_t at = 1; at < call_.size(); ++at) {
    texts.push_back(text_of(call_[at]));
  }
  return string_value(call("arrayStringConcat", {array(std::move(texts)), text_of(call_[0])}));
}

/// Positions count from 0; a negative one counts from the end.
Result<Value> substring_of(const Call& call_) {
  const Sql text = text_of(call_[0]);
  const Sql start = call_[1].sql;
  const Sql from_end = call(
      "greatest", {infix("+", start, call("toInt64", {call("lengthUTF8", {text})})), int64(0)});
  const Sql first = infix("+", if_(infix(">=", start, int64(0)), start, from_end), int64(1));
  std::vector<Sql> arguments = {text, call("assumeNotNull", {first})};
  if (call_.size() > 2) {
    arguments.push_back(call("assumeNotNull", {call("greatest", {call_[2].sql, int64(0)})}));
  }
  return string_value(call("substringUTF8", std::move(arguments)));
}

Result<Value> split_text(const Call& call_) {
  const Sql text = text_of(call_[0]);
  const Sql delimiter = call_[1].sql;
  Sql parts = call("splitByString", {delimiter, text});
  const std::string* constant = call_[1].text();
  if (constant == nullptr) {
    parts = if_(equals(delimiter, quoted("")), array({text}), parts);
  } else if (constant->empty()) {
    parts = array({text});
  }
  if (call_.size() > 2) {
    const Sql index = infix("+", call_[2].sql, int64(1));
    parts = call("arraySlice", {parts, call("assumeNotNull", {index}), keyword("1")});
  }
  return array_value(call(
      "arrayMap", {lambda([](const Sql& part) { return call("toJSONString", {part}); }), parts}));
}

/// Plain matches may overlap, as Kusto counts them.
Result<Value> count_of(const Call& call_) {
  const std::string* kind = call_.size() > 2 ? call_[2].text() : nullptr;
  if (kind != nullptr && *kind == "regex") {
    return cast_value(Type::kLong, call("countMatches", {call_[0].sql, call_[1].sql}), false);
  }
  const Sql text = call_[0].sql;
  const Sql needle = call_[1].sql;
  const Sql size = call("lengthUTF8", {needle});
  const Sql hits =
      call("arrayFilter",
           {lambda([&](const Sql& at) {
              return equals(call("substringUTF8", {text, at, size}), needle);
            }),
            call("range", {keyword("1"), infix("+", call("lengthUTF8", {text}), keyword("1"))})});
  return cast_value(Type::kLong, call("length", {hits}), false);
}

Result<Value> index_of(const Call& call_) {
  if (call_.size() > 3) {
    return fail(call_.unsupported(3, "indexof() with a length or an occurrence is not supported"));
  }
  const Sql text = text_of(call_[0]);
  std::vector<Sql> arguments = {text, text_of(call_[1])};
  if (call_.size() > 2) {
    arguments.push_back(call(
        "assumeNotNull",
        {call("toUInt64", {infix("+", call("greatest", {call_[2].sql, int64(0)}), int64(1))})}));
  }
  return cast_value(
      Type::kLong,
      infix("-", call("toInt64", {call("positionUTF8", std::move(arguments))}), int64(1)), false);
}

void add_unary(Registry& registry, std::string_view name, std::string_view doc,
               std::string_view example, std::string_view function) {
  registry.add(FunctionSpec{.name = name,
                            .min_args = 1,
                            .max_args = 1,
                            .args = {{"text", kStrings, "the text"}},
                            .doc = doc,
                            .example = example,
                            .emit = [function](const Call& call_) -> Result<Value> {
                              return string_value(call(function, {call_[0].sql}));
                            }});
}

void add_length(Registry& registry, std::string_view name, std::string_view doc,
                std::string_view example, std::string_view function, Naming naming,
                std::string_view prefix) {
  registry.add(FunctionSpec{.name = name,
                            .min_args = 1,
                            .max_args = 1,
                            .args = {{"text", kStrings, "the text"}},
                            .naming = naming,
                            .prefix = prefix,
                            .doc = doc,
                            .example = example,
                            .emit = [function](const Call& call_) -> Result<Value> {
                              return cast_value(Type::kLong, call(function, {call_[0].sql}), false);
                            }});
}

}  // namespace

void add_text(Registry& registry) {
  registry.add(FunctionSpec{.name = "strcat",
                            .min_args = 1,
                            .max_args = kMany,
                            .args = {{"value", kAnyType, "values; each is put as text"}},
                            .doc = "The texts of the values, one after the other",
                            .example = "print strcat('a', 1, true)",
                            .emit = concatenate});
  registry.add(FunctionSpec{
      .name = "strcat_delim",
      .min_args = 2,
      .max_args = kMany,
      .args = {{"delimiter", kStrings, "what to put between"}, {"value", kAnyType, "values"}},
      .doc = "The texts of the values with a delimiter between",
      .example = "print strcat_delim('-', 1, 'b')",
      .emit = concatenate_with});
  add_unary(registry, "tolower", "The text in lower case", "print tolower('AbC')", "lowerUTF8");
  add_unary(registry, "toupper", "The text in upper case", "print toupper('AbC')", "upperUTF8");
  add_length(registry, "strlen", "Number of characters", "print strlen('abc')", "lengthUTF8",
             Naming::kPrefixed, "strlen_");
  add_length(registry, "string_size", "Number of bytes in UTF-8", "print string_size('abc')",
             "length", Naming::kPrefixed, "string_size_");
  registry.add(FunctionSpec{.name = "reverse",
                            .min_args = 1,
                            .max_args = 1,
                            .args = {{"value", kAnyType, "the value; put as text"}},
                            .doc = "The text backwards",
                            .example = "print reverse('abc')",
                            .emit = [](const Call& call_) -> Result<Value> {
                              return string_value(call("reverseUTF8", {text_of(call_[0])}));
                            }});
  registry.add(
      FunctionSpec{.name = "substring",
                   .min_args = 2,
                   .max_args = 3,
                   .args = {{"text", kAnyType, "the text"},
                            {"start", one_of(Type::kLong), "from 0; negative: from the end"},
                            {"length", one_of(Type::kLong), "most characters"}},
                   .doc = "A part of the text",
                   .example = "print substring('ABCDE', 1, 2)",
                   .emit = substring_of});
  registry.add(FunctionSpec{.name = "split",
                            .min_args = 2,
                            .max_args = 3,
                            .args = {{"text", kAnyType, "the text"},
                                     {"delimiter", kStrings, "what parts it"},
                                     {"index", one_of(Type::kLong), "only this part, from 0"}},
                            .naming = Naming::kFirst,
                            .doc = "The parts of the text between delimiters, as an array",
                            .example = "print split('a,b', ',')",
                            .emit = split_text});
  registry.add(FunctionSpec{.name = "replace_string",
                            .min_args = 3,
                            .max_args = 3,
                            .args = {{"text", kAnyType, "the text"},
                                     {"lookup", kStrings, "what to find"},
                                     {"rewrite", kStrings, "what to put"}},
                            .doc = "The text with every occurrence replaced",
                            .example = "print replace_string('abab', 'b', 'c')",
                            .emit = [](const Call& call_) -> Result<Value> {
                              const Sql text = text_of(call_[0]);
                              return string_value(
                                  if_(equals(call_[1].sql, quoted("")), text,
                                      call("replaceAll", {text, call_[1].sql, call_[2].sql})));
                            }});
  registry.add(FunctionSpec{
      .name = "repeat",
      .min_args = 2,
      .max_args = 2,
      .args = {{"value", kAnyType, "the element"}, {"count", one_of(Type::kLong), "how often"}},
      .doc = "An array that holds the value several times",
      .example = "print repeat(1, 3)",
      .emit = [](const Call& call_) -> Result<Value> {
        const Sql count =
            call("toUInt32",
                 {call("least", {call("greatest", {if_null(call_[1].sql, int64(0)), int64(0)}),
                                 int64(1'048'576)})});
        return array_value(call("arrayWithConstant", {count, json_of(call_[0])}));
      }});
  registry.add(FunctionSpec{.name = "countof",
                            .min_args = 2,
                            .max_args = 3,
                            .args = {{"text", kStrings, "the text"},
                                     {"search", kStrings, "what to count"},
                                     {"kind", kStrings, "'normal' or 'regex'", true}},
                            .doc = "How often a text occurs in another; plain matches may overlap",
                            .example = "print countof('aaaa', 'aa')",
                            .emit = count_of});
  registry.add(
      FunctionSpec{.name = "indexof",
                   .min_args = 2,
                   .max_args = 5,
                   .args = {{"text", kAnyType, "the text"},
                            {"lookup", kAnyType, "what to find"},
                            {"start", one_of(Type::kLong), "from here on, from 0"}},
                   .doc = "Position of the first occurrence, from 0; -1 where there is none",
                   .example = "print indexof('abcdef', 'cd')",
                   .emit = index_of});
  registry.add(FunctionSpec{
      .name = "translate",
      .min_args = 3,
      .max_args = 3,
      .args = {{"search", kStrings, "characters to find", true},
               {"replacement", kStrings, "characters to put", true},
               {"text", kStrings, "the text"}},
      .doc = "The text with each character of one list replaced by that of the other",
      .example = "print translate('abc', 'xyz', 'aabbcc')",
      .emit = [](const Call& call_) -> Result<Value> {
        return string_value(call("translateUTF8", {call_[2].sql, call_[0].sql, call_[1].sql}));
      }});
}

}  // namespace spoor::kql
