// Texts as code points, bytes and records: unicode_codepoints_*, parse_csv, parse_urlquery, base64
// of guids and arrays, regex_quote, replace_strings, strcmp, strrep.

#include "kql/emit/forms.h"
#include "kql/functions/families.h"

namespace spoor::kql {
namespace {

Sql code_points_of(const Sql& text) {
  return call(
      "arrayMap",
      {lambda([](const Sql& letter) {
         const Sql bytes = call(
             "arrayMap",
             {lambda([&](const Sql& at) {
                return call("toInt64", {call("reinterpretAsUInt8",
                                             {call("substring", {letter, at, keyword("1")})})});
              }),
              call("range", {keyword("1"), infix("+", call("length", {letter}), keyword("1"))})});
         return once(bytes, [](const Sql& b) {
           const auto tail = [&](int index, std::int64_t unit) {
             return infix("*",
                          call("bitAnd", {element(b, keyword(std::to_string(index))), int64(63)}),
                          int64(unit));
           };
           const auto head = [&](std::int64_t mask, std::int64_t unit) {
             return infix("*", call("bitAnd", {element(b, keyword("1")), int64(mask)}),
                          int64(unit));
           };
           const Sql size = call("length", {b});
           return call(
               "multiIf",
               {equals(size, keyword("1")), element(b, keyword("1")), equals(size, keyword("2")),
                infix("+", head(31, 64), tail(2, 1)), equals(size, keyword("3")),
                infix("+", std::vector<Sql>{head(15, 4096), tail(2, 64), tail(3, 1)}),
                infix("+",
                      std::vector<Sql>{head(7, 262144), tail(2, 4096), tail(3, 64), tail(4, 1)})});
         });
       }),
       call("ngrams", {text, keyword("1")})});
}

Result<Value> codes_to_text(const Call& c) {
  std::vector<Sql> lists;
  for (const Value& value : c.args) {
    lists.push_back(value.type == Type::kDynamic
                        ? call("arrayMap", {lambda([](const Sql& json) {
                                              return call("toInt64OrZero", {json});
                                            }),
                                            array_of(value)})
                        : array({if_null(cast(value.sql, "Nullable(Int64)"), int64(0))}));
  }
  const Sql all = lists.size() == 1 ? lists.front() : call("arrayConcat", std::move(lists));
  return string_value(call(
      "arrayStringConcat",
      {call("arrayMap",
            {lambda([](const Sql& code) {
               const auto tail = [&](std::int64_t shift) {
                 return infix(
                     "+", call("bitAnd", {call("bitShiftRight", {code, int64(shift)}), int64(63)}),
                     int64(128));
               };
               const auto head = [&](std::int64_t shift, std::int64_t mark) {
                 return infix("+", call("bitShiftRight", {code, int64(shift)}), int64(mark));
               };
               return call(
                   "multiIf",
                   {infix("OR", infix("<", code, int64(1)), infix(">", code, int64(0x10FFFF))),
                    quoted(""), infix("<", code, int64(0x80)), call("char", {code}),
                    infix("<", code, int64(0x800)), call("char", {head(6, 0xC0), tail(0)}),
                    infix("<", code, int64(0x10000)),
                    call("char", {head(12, 0xE0), tail(6), tail(0)}),
                    call("char", {head(18, 0xF0), tail(12), tail(6), tail(0)})});
             }),
             all})}));
}

/// Fields of the first record; a quoted field may hold commas, line ends and doubled quotes.
Result<Value> csv_fields(const Call& c) {
  constexpr std::string_view kRecord = R"(^((?:"(?:[^"]|"")*"|[^"\r\n])*))";
  constexpr std::string_view kField = R"(("(?:[^"]|"")*"|[^,]*),)";
  const Sql record = call("extract", {text_of(c[0]), quoted(kRecord)});
  const Sql fields = call("extractAll", {call("concat", {record, quoted(",")}), quoted(kField)});
  const Sql texts = call(
      "arrayMap",
      {lambda([](const Sql& field) {
         const Sql inner = call(
             "substring", {field, keyword("2"), infix("-", call("length", {field}), keyword("2"))});
         return call("toJSONString",
                     {if_(infix("AND", call("startsWith", {field, quoted("\"")}),
                                infix(">", call("length", {field}), keyword("1"))),
                          call("replaceAll", {inner, quoted("\"\""), quoted("\"")}), field)});
       }),
       fields});
  return array_value(texts);
}

/// Arguments end at blanks outside quotes; quotes go, those after a backslash stay without it.
Result<Value> command_arguments(const Call& c) {
  if (const std::string* parser = c[1].text(); parser == nullptr || *parser != "windows") {
    return fail(c.unsupported(1, "the parser must be 'windows'"));
  }
  constexpr std::string_view kArgument = R"(((?:\\"|"(?:\\"|[^"])*"?|[^\s"])+))";
  const Sql found = call("extractAll", {text_of(c[0]), quoted(kArgument)});
  const Sql texts = call(
      "arrayMap",
      {lambda([](const Sql& argument) {
         // A control character stands in for the quotes that stay.
         const Sql kept = call("replaceAll", {argument, quoted("\\\""), quoted("\x01")});
         const Sql bare = call("replaceAll", {kept, quoted("\""), quoted("")});
         return call("toJSONString", {call("replaceAll", {bare, quoted("\x01"), quoted("\"")})});
       }),
       found});
  return dynamic_value(once(texts, [](const Sql& all) {
    return if_(call("empty", {all}), quoted(""), json_of_array(all));
  }));
}

Result<Value> query_bag(const Call& c) {
  const Sql pairs =
      call("arrayFilter",
           {lambda([](const Sql& pair) { return infix("!=", pair, quoted("")); }),
            call("splitByChar",
                 {quoted("&"), call("replaceRegexpOne", {c[0].sql, quoted("^[?]"), quoted("")})})});
  const Sql entries = call(
      "arrayMap",
      {lambda([](const Sql& pair) {
         const auto part = [&](std::string_view pattern) {
           return call("toJSONString",
                       {call("decodeURLComponent", {call("extract", {pair, quoted(pattern)})})});
         };
         return call("concat", {part("^([^=]*)"), quoted(":"), part("=(.*)$")});
       }),
       pairs});
  return dynamic_value(
      call("concat", {quoted("{\"Query Parameters\":{"),
                      call("arrayStringConcat", {entries, quoted(",")}), quoted("}}")}));
}

/// Every lookup is replaced in what the ones before it left.
Result<Value> replace_each(const Call& c) {
  const Sql from = call(
      "arrayMap", {lambda([](const Sql& json) { return dynamic_text(json); }), array_of(c[1])});
  const Sql to = call("arrayMap",
                      {lambda([](const Sql& json) { return dynamic_text(json); }), array_of(c[2])});
  return string_value(
      call("arrayFold", {lambda(3,
                                [](std::span<const Sql> x) {
                                  return if_(equals(x[1], quoted("")), x[0],
                                             call("replaceAll", {x[0], x[1], x[2]}));
                                }),
                         from, call("arrayResize", {to, call("length", {from}), quoted("")}),
                         cast(c[0].sql, "String")}));
}

Result<Value> any_index(const Call& c) {
  const Sql text = call("lower", {text_of(c[0])});
  const Sql terms = array_of(c[1]);
  const Sql at =
      call("arrayFirstIndex",
           {lambda([&](const Sql& json) {
              return infix(">", call("position", {text, call("lower", {dynamic_text(json)})}),
                           keyword("0"));
            }),
            terms});
  return cast_value(Type::kLong, infix("-", call("toInt64", {at}), int64(1)), false);
}

void add_text(Registry& registry, std::string_view name, std::vector<std::string_view> aliases,
              std::string_view doc, std::string_view example,
              std::function<Result<Value>(const Call&)> emit) {
  registry.add(FunctionSpec{.name = name,
                            .aliases = std::move(aliases),
                            .min_args = 1,
                            .max_args = 1,
                            .args = {{"text", kStrings, "the text"}},
                            .doc = doc,
                            .example = example,
                            .emit = std::move(emit)});
}

}  // namespace

void add_text_codes(Registry& registry) {
  add_text(registry, "unicode_codepoints_from_string", {},
           "The code points of a text, as an array of numbers",
           "print unicode_codepoints_from_string('aé')", [](const Call& c) -> Result<Value> {
             return array_value(
                 call("arrayMap", {lambda([](const Sql& code) { return call("toString", {code}); }),
                                   code_points_of(c[0].sql)}));
           });
  registry.add(
      FunctionSpec{.name = "unicode_codepoints_to_string",
                   .aliases = {"make_string"},
                   .min_args = 1,
                   .max_args = kMany,
                   .args = {{"code", kIntegers | kDynamics, "code points, or arrays of them"}},
                   .doc = "The text of code points",
                   .example = "print unicode_codepoints_to_string(97, dynamic([233, 8364]))",
                   .emit = codes_to_text});
  registry.add(FunctionSpec{.name = "parse_csv",
                            .min_args = 1,
                            .max_args = 1,
                            .args = {{"text", kStrings | kDynamics, "comma separated values"}},
                            .naming = Naming::kFirst,
                            .doc = "The fields of the first record of comma separated values",
                            .example = "print parse_csv('aa,\"b,b\",c')",
                            .emit = csv_fields});
  registry.add(FunctionSpec{
      .name = "parse_command_line",
      .min_args = 2,
      .max_args = 2,
      .args = {{"command", kStrings | kDynamics, "a command line"},
               {"parser", kStrings, "'windows'", true}},
      .doc = "The arguments of a command line, as an array of texts; null where there are none",
      .example = "print parse_command_line('echo \"hello world!\"', 'windows')",
      .difference = "backslashes before a quote are not halved",
      .emit = command_arguments});
  add_text(registry, "parse_urlquery", {"parseurlquery"},
           "The parameters of a URL's query, as a bag", "print parse_urlquery('k1=v1&k2=v2')",
           query_bag);
  add_text(
      registry, "base64_decode_toguid", {}, "The guid whose sixteen bytes base64 describes",
      "print base64_decode_toguid('JpbpECu8dUy7Pv5gbeJXAA==')", [](const Call& c) -> Result<Value> {
        return cast_value(
            Type::kGuid,
            once(call("lower", {call("hex", {call("tryBase64Decode", {c[0].sql})})}),
                 [](const Sql& digits) {
                   const auto byte = [&](int index) {
                     return call("substring",
                                 {digits, keyword(std::to_string(2 * index + 1)), keyword("2")});
                   };
                   std::vector<Sql> parts;
                   for (const int index :
                        {3, 2, 1, 0, -1, 5, 4, -1, 7, 6, -1, 8, 9, -1, 10, 11, 12, 13, 14, 15}) {
                     parts.push_back(index < 0 ? quoted("-") : byte(index));
                   }
                   return if_(equals(call("length", {digits}), keyword("32")),
                              call("toNullable", {call("concat", std::move(parts))}), null());
                 }),
            true);
      });
  registry.add(FunctionSpec{
      .name = "base64_encode_fromguid",
      .min_args = 1,
      .max_args = 1,
      .args = {{"guid", kGuids, "a guid"}},
      .doc = "The sixteen bytes of a guid in base64; empty for null",
      .example = "print base64_encode_fromguid(toguid('10e99626-bc2b-754c-bb3e-fe606de25700'))",
      .emit = [](const Call& c) -> Result<Value> {
        return string_value(once(
            call("replaceAll", {if_null(c[0].sql, quoted("")), quoted("-"), quoted("")}),
            [](const Sql& digits) {
              std::vector<Sql> parts;
              for (const int index : {3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15}) {
                parts.push_back(call(
                    "substring", {digits, keyword(std::to_string(2 * index + 1)), keyword("2")}));
              }
              return call("base64Encode", {call("unhex", {call("concat", std::move(parts))})});
            }));
      }});
  registry.add(FunctionSpec{
      .name = "base64_encode_fromarray",
      .min_args = 1,
      .max_args = 1,
      .args = {{"bytes", kDynamics, "an array of numbers 0 to 255"}},
      .doc = "Bytes given as an array of numbers, in base64",
      .example = "print base64_encode_fromarray(dynamic([75,117,115,116,111]))",
      .emit = [](const Call& c) -> Result<Value> {
        const Sql bytes = call(
            "arrayMap",
            {lambda([](const Sql& json) { return call("char", {call("toUInt8OrZero", {json})}); }),
             array_of(c[0])});
        return string_value(call("base64Encode", {call("arrayStringConcat", {bytes})}));
      }});
  registry.add(FunctionSpec{
      .name = "regex_quote",
      .min_args = 1,
      .max_args = 1,
      .args = {{"text", kAnyType, "the text"}},
      .doc = "The text with everything that means something in a regular expression escaped",
      .example = "print regex_quote('(a.b)')",
      .emit = [](const Call& c) -> Result<Value> {
        return string_value(
            call("replaceRegexpAll",
                 {text_of(c[0]), quoted(R"(([\\.+*?()|\[\]{}^$#&~-]))"), quoted(R"(\\\1)")}));
      }});
  registry.add(FunctionSpec{
      .name = "replace_strings",
      .min_args = 3,
      .max_args = 3,
      .args = {{"text", kStrings, "the text"},
               {"lookups", kDynamics, "an array of texts to replace"},
               {"rewrites", kDynamics, "an array of what takes their places"}},
      .doc = "The text with several texts replaced, one after the other",
      .example = "print replace_strings('a cat', dynamic(['a','cat']), dynamic(['the','dog']))",
      .emit = replace_each});
  registry.add(FunctionSpec{
      .name = "has_any_index",
      .min_args = 2,
      .max_args = 2,
      .args = {{"source", kStrings | kDynamics, "the text to look into"},
               {"values", kDynamics, "an array of texts"}},
      .doc = "Index of the first of several texts that occurs in another; -1 where none does",
      .example = "print has_any_index('this is an example', dynamic(['quick','example']))",
      .difference = "a text counts wherever it occurs, not only as a term",
      .emit = any_index});
  registry.add(FunctionSpec{
      .name = "strcmp",
      .min_args = 2,
      .max_args = 2,
      .args = {{"text", kAnyType, "a text"}},
      .doc = "-1, 0 or 1 by the order of two texts",
      .example = "print strcmp('ABC', 'abc')",
      .emit = [](const Call& c) -> Result<Value> {
        return cast_value(
            Type::kLong,
            once(tuple({text_of(c[0]), text_of(c[1])}),
                 [](const Sql& both) {
                   return call("multiIf", {infix("<", member(both, 1), member(both, 2)),
                                           keyword("-1"), equals(member(both, 1), member(both, 2)),
                                           keyword("0"), keyword("1")});
                 }),
            false);
      }});
  registry.add(FunctionSpec{
      .name = "strrep",
      .min_args = 2,
      .max_args = 3,
      .args = {{"value", kAnyType, "what to repeat"},
               {"count", one_of(Type::kLong), "how often, at most 1024"},
               {"delimiter", kStrings, "what stands between"}},
      .doc = "A value's text several times over",
      .example = "print strrep('ab', 3, '-')",
      .emit = [](const Call& c) -> Result<Value> {
        const Sql count =
            call("assumeNotNull",
                 {call("least",
                       {call("greatest", {if_null(c[1].sql, int64(0)), int64(0)}), int64(1024)})});
        const Sql delimiter = c.size() > 2 ? c[2].sql : quoted("");
        return string_value(call("arrayStringConcat",
                                 {call("arrayWithConstant", {count, text_of(c[0])}), delimiter}));
      }});
  for (const bool ascii : {true, false}) {
    registry.add(FunctionSpec{
        .name = ascii ? "isascii" : "isutf8",
        .min_args = 1,
        .max_args = 1,
        .args = {{"text", kAnyType, "the text"}},
        .doc = ascii ? "Whether a text has ASCII letters only" : "Whether a text is valid UTF-8",
        .example = ascii ? "print isascii('abc')" : "print isutf8('é')",
        .emit = [ascii](const Call& c) -> Result<Value> {
          return cast_value(Type::kBool,
                            ascii ? not_(call("match", {text_of(c[0]), quoted(R"([^\x00-\x7F])")}))
                                  : call("isValidUTF8", {text_of(c[0])}),
                            false);
        }});
  }
}

}  // namespace spoor::kql
