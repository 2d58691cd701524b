// base64_*, url_*, hash_*, tohex, new_guid.

#include "kql/emit/forms.h"
#include "kql/functions/families.h"

namespace spoor::kql {
namespace {

Result<Value> decode_base64(const Call& call_) {
  return string_value(once(call("tryBase64Decode", {call_[0].sql}), [](const Sql& bytes) {
    return if_(call("isValidUTF8", {bytes}), bytes, quoted(""));
  }));
}

void add_digest(Registry& registry, std::string_view name, std::string_view function,
                std::string_view doc, std::string_view example) {
  registry.add(FunctionSpec{.name = name,
                            .min_args = 1,
                            .max_args = 1,
                            .args = {{"value", kAnyType, "a value; its text is hashed"}},
                            .doc = doc,
                            .example = example,
                            .emit = [function](const Call& call_) -> Result<Value> {
                              return string_value(call(
                                  "lower", {call("hex", {call(function, {text_of(call_[0])})})}));
                            }});
}

/// The escapes of the engine with their digits in lower case, as Kusto writes them.
Sql url_escaped(const Sql& text) {
  const Sql parts = call("splitByChar", {quoted("%"), call("encodeURLComponent", {text})});
  const Sql lowered =
      call("arrayMap", {lambda(2,
                               [](std::span<const Sql> v) {
                                 const Sql escape = call(
                                     "concat", {quoted("%"),
                                                call("lower", {call("left", {v[0], keyword("2")})}),
                                                call("substring", {v[0], keyword("3")})});
                                 return if_(equals(v[1], keyword("1")), v[0], escape);
                               }),
                        parts, call("arrayEnumerate", {parts})});
  return call("arrayStringConcat", {lowered});
}

void add_text_function(Registry& registry, std::string_view name,
                       std::vector<std::string_view> aliases, std::string_view doc,
                       std::string_view example, std::function<Result<Value>(const Call&)> emit) {
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

void add_encodings(Registry& registry) {
  add_text_function(registry, "base64_decode_tostring", {"base64_decodestring"},
                    "The text that base64 describes; empty where it is none",
                    "print base64_decode_tostring('S3VzdG8=')", decode_base64);
  add_text_function(registry, "base64_encode_tostring", {"base64_encodestring"},
                    "The text in base64", "print base64_encode_tostring('Kusto')",
                    [](const Call& call_) -> Result<Value> {
                      return string_value(call("base64Encode", {call_[0].sql}));
                    });
  add_text_function(
      registry, "base64_decode_toarray", {},
      "The bytes that base64 describes, as an array of numbers",
      "print base64_decode_toarray('S3VzdG8=')", [](const Call& call_) -> Result<Value> {
        const Sql bytes = call("tryBase64Decode", {call_[0].sql});
        return array_value(call(
            "arrayMap",
            {lambda([&](const Sql& at) {
               return call("toString", {call("reinterpretAsUInt8",
                                             {call("substring", {bytes, at, keyword("1")})})});
             }),
             call("range", {keyword("1"), infix("+", call("length", {bytes}), keyword("1"))})}));
      });
  add_text_function(registry, "url_decode", {}, "The text without URL escapes",
                    "print url_decode('a%20b')", [](const Call& call_) -> Result<Value> {
                      return string_value(call("decodeURLComponent", {call_[0].sql}));
                    });
  add_text_function(
      registry, "url_encode_component", {}, "The text with URL escapes, for a part of a URL",
      "print url_encode_component('a b')",
      [](const Call& call_) -> Result<Value> { return string_value(url_escaped(call_[0].sql)); });
  add_text_function(registry, "url_encode", {}, "The text with URL escapes, and + for blanks",
                    "print url_encode('a b')", [](const Call& call_) -> Result<Value> {
                      return string_value(call(
                          "replaceAll", {url_escaped(call_[0].sql), quoted("%20"), quoted("+")}));
                    });
  add_digest(registry, "hash_md5", "MD5", "MD5 of the value's text, in hex",
             "print hash_md5('World')");
  add_digest(registry, "hash_sha1", "SHA1", "SHA-1 of the value's text, in hex",
             "print hash_sha1('World')");
  add_digest(registry, "hash_sha256", "SHA256", "SHA-256 of the value's text, in hex",
             "print hash_sha256('World')");
  registry.add(FunctionSpec{
      .name = "hash",
      .aliases = {"hash_xxhash64"},
      .min_args = 1,
      .max_args = 2,
      .args = {{"text", kStrings, "the text"},
               {"mod", one_of(Type::kLong), "the result is below it"}},
      .doc = "xxHash64 of a text",
      .example = "print hash('Hello')",
      .difference = "only texts can be hashed",
      .emit = [](const Call& call_) -> Result<Value> {
        const Sql number = call("reinterpretAsInt64", {call("xxHash64", {call_[0].sql})});
        return call_.size() > 1
                   ? cast_value(Type::kLong, call("positiveModuloOrNull", {number, call_[1].sql}),
                                true)
                   : cast_value(Type::kLong, number, false);
      }});
  registry.add(FunctionSpec{
      .name = "tohex",
      .min_args = 1,
      .max_args = 2,
      .args = {{"number", one_of(Type::kLong), "a whole number"},
               {"width", one_of(Type::kLong), "least digits"}},
      .naming = Naming::kFirst,
      .doc = "The number in hex",
      .example = "print tohex(256)",
      .emit = [](const Call& call_) -> Result<Value> {
        const Sql digits =
            call("trimLeft", {call("lower", {call("hex", {call_[0].sql})}), quoted("0")});
        Sql text =
            call("multiIf", {is_null(call_[0].sql), quoted(""), equals(call_[0].sql, int64(0)),
                             quoted("0"), if_null(digits, quoted(""))});
        if (call_.size() > 1) {
          text = once(text, [&](const Sql& hex) {
            return call(
                "leftPad",
                {hex,
                 call("toUInt32", {call("greatest", {if_null(call_[1].sql, int64(0)),
                                                     call("toInt64", {call("length", {hex})})})}),
                 quoted("0")});
          });
        }
        return string_value(text);
      }});
  registry.add(FunctionSpec{
      .name = "new_guid",
      .doc = "A random guid",
      .example = "print isnotempty(new_guid())",
      .emit = [](const Call& call_) -> Result<Value> {
        // Calls with equal arguments are one call for the engine: the place makes them differ.
        return make_value(Type::kGuid,
                          call("toString", {call("generateUUIDv4", {int64(call_.span.begin)})}),
                          false);
      }});
}

}  // namespace spoor::kql
