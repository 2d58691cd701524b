// IPv4 addresses with prefixes: ipv4_is_match, ipv4_compare, format_ipv4, has_ipv4.

#include "base/text.h"
#include "kql/emit/forms.h"
#include "kql/functions/families.h"

namespace spoor::kql {
namespace {

/// tuple(address as Nullable(Int64), bits of its prefix as Nullable(Int64)) of "a.b.c.d[/bits]", or
/// of a number.
Sql read_address(const Value& value) {
  if (value.type != Type::kString) {
    const Sql number = cast(value.sql, "Nullable(Int64)");
    const Sql valid =
        infix("AND", infix(">=", number, int64(0)), infix("<=", number, int64(0xFFFFFFFF)));
    return tuple({if_(if_null(valid, boolean(false)), number, null()),
                  cast(keyword("32"), "Nullable(Int64)")});
  }
  return once(call("splitByChar", {quoted("/"), value.sql}), [](const Sql& parts) {
    const Sql count = call("length", {parts});
    const Sql written = call("toInt64OrNull", {element(parts, keyword("2"))});
    const Sql bits = call(
        "multiIf", {equals(count, keyword("1")), cast(keyword("32"), "Nullable(Int64)"),
                    infix(">", count, keyword("2")), null(),
                    infix("AND", infix(">=", written, int64(0)), infix("<=", written, int64(32))),
                    written, null()});
    return tuple(
        {cast(call("IPv4StringToNumOrNull", {element(parts, keyword("1"))}), "Nullable(Int64)"),
         bits});
  });
}

/// First address of the network, as Nullable(Int64).
Sql network_of(const Sql& address, const Sql& bits) {
  const Sql mask =
      call("bitShiftLeft", {int64(0xFFFFFFFF), infix("-", int64(32), if_null(bits, int64(32)))});
  return if_(is_null(bits), null(), call("bitAnd", {address, mask}));
}

/// The shortest of the prefixes; a null one, or one out of 0 … 32, makes it null.
Sql shortest(const Call& c, std::size_t argument, std::vector<Sql> bits) {
  if (c.size() > argument) {
    const Sql given = cast(c[argument].sql, "Nullable(Int64)");
    bits.push_back(
        if_(if_null(infix("AND", infix(">=", given, int64(0)), infix("<=", given, int64(32))),
                    boolean(false)),
            given, null()));
  }
  std::vector<Sql> nulls;
  for (const Sql& each : bits) {
    nulls.push_back(is_null(each));
  }
  const Sql least = bits.size() == 1 ? bits.front() : call("least", bits);
  return if_(or_(std::move(nulls)), null(), least);
}

Sql two_networks(const Call& c, const std::function<Sql(Sql, Sql)>& made) {
  return once(tuple({read_address(c[0]), read_address(c[1])}), [&](const Sql& both) {
    const Sql left = member(both, 1);
    const Sql right = member(both, 2);
    return once(shortest(c, 2, {member(left, 2), member(right, 2)}), [&](const Sql& bits) {
      return made(network_of(member(left, 1), bits), network_of(member(right, 1), bits));
    });
  });
}

/// `made` of the network number and the prefix of the first argument, cut to the second.
Sql one_network(const Call& c, const std::function<Sql(Sql, Sql)>& made) {
  return once(read_address(c[0]), [&](const Sql& read) {
    return once(shortest(c, 1, {member(read, 2)}), [&](const Sql& bits) {
      return once(network_of(member(read, 1), bits),
                  [&](const Sql& network) { return made(network, bits); });
    });
  });
}

Sql address_text(const Sql& network) {
  return call("IPv4NumToString", {call("toUInt32", {if_null(network, int64(0))})});
}

/// A number 0 … 255 as it stands in an address.
constexpr std::string_view kOctet = "(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])";

bool is_octet(std::string_view text) {
  const auto number = parse_int(text);
  return !text.empty() && text.size() <= 3 && number && *number >= 0 && *number <= 255;
}

/// A pattern for the address, or for addresses that begin with "a.", "a.b." or "a.b.c."; nothing
/// where it is neither.
std::optional<std::string> address_pattern(std::string_view text, bool prefix) {
  auto octets = split(text, '.');
  const bool open = prefix && octets.size() >= 2 && octets.size() <= 4 && octets.back().empty();
  if (open) {
    octets.pop_back();
  } else if (octets.size() != 4) {
    return std::nullopt;
  }
  std::string pattern;
  for (const std::string_view octet : octets) {
    if (!is_octet(octet)) {
      return std::nullopt;
    }
    pattern += (pattern.empty() ? "" : "\\.") + std::string(octet);
  }
  for (std::size_t i = octets.size(); i < 4; ++i) {
    pattern += "\\." + std::string(kOctet);
  }
  return pattern;
}

/// Texts of a constant string, or of a constant array of strings.
std::optional<std::vector<std::string>> constant_texts(const Value& value) {
  const std::string* text = value.text();
  if (text == nullptr) {
    return std::nullopt;
  }
  if (value.type != Type::kDynamic) {
    return std::vector{*text};
  }
  std::vector<std::string> texts;
  std::string_view json = trim_blanks(*text);
  if (json.size() < 2 || json.front() != '[' || json.back() != ']') {
    return std::nullopt;
  }
  for (std::string_view item : split(json.substr(1, json.size() - 2), ',')) {
    item = trim_blanks(item);
    if (item.size() < 2 || item.front() != '"' || item.back() != '"') {
      return std::nullopt;
    }
    texts.emplace_back(item.substr(1, item.size() - 2));
  }
  return texts;
}

/// Neither a letter, a digit nor a dot may touch the address. What is no address matches nothing.
Result<Value> has_address(const Call& c, bool prefix) {
  std::string alternatives;
  for (std::size_t i = 1; i < c.size(); ++i) {
    const auto texts = constant_texts(c[i]);
    if (!texts) {
      return fail(c.unsupported(i, "the addresses to look for must be constants"));
    }
    for (const std::string& text : *texts) {
      if (const auto pattern = address_pattern(text, prefix)) {
        alternatives += (alternatives.empty() ? "" : "|") + *pattern;
      }
    }
  }
  if (alternatives.empty()) {
    return constant_value(Type::kBool, false);
  }
  const Sql pattern = param_text("(?:^|[^0-9A-Za-z.])(?:" + alternatives + ")(?:[^0-9A-Za-z.]|$)");
  return cast_value(Type::kBool, call("match", {text_of(c[0]), pattern}), false);
}

}  // namespace

void add_ipv4(Registry& registry) {
  const ArgSpec first{"ip1", kStrings, "an address, with or without /prefix"};
  const ArgSpec second{"ip2", kStrings, "an address, with or without /prefix"};
  const ArgSpec bits{"prefix", one_of(Type::kLong), "bits to look at, 0 to 32"};
  const ArgSpec any_form{"ip", kStrings | one_of(Type::kLong), "an address as text or number"};
  registry.add(
      FunctionSpec{.name = "ipv4_is_match",
                   .min_args = 2,
                   .max_args = 3,
                   .args = {first, second, bits},
                   .doc = "Whether two addresses are equal up to the shortest prefix given",
                   .example = "print ipv4_is_match('192.168.1.1/24', '192.168.1.255')",
                   .emit = [](const Call& c) -> Result<Value> {
                     return cast_value(Type::kBool, two_networks(c, equals), true);
                   }});
  registry.add(FunctionSpec{
      .name = "ipv4_compare",
      .min_args = 2,
      .max_args = 3,
      .args = {first, second, bits},
      .doc = "-1, 0 or 1 by the order of two addresses, up to the shortest prefix given",
      .example = "print ipv4_compare('192.168.1.1', '192.168.1.255')",
      .emit = [](const Call& c) -> Result<Value> {
        return cast_value(Type::kLong,
                          two_networks(c,
                                       [](const Sql& x, const Sql& y) {
                                         return call("multiIf",
                                                     {infix("OR", is_null(x), is_null(y)), null(),
                                                      infix("<", x, y), keyword("-1"), equals(x, y),
                                                      keyword("0"), keyword("1")});
                                       }),
                          true);
      }});
  registry.add(FunctionSpec{
      .name = "ipv4_netmask_suffix",
      .min_args = 1,
      .max_args = 1,
      .args = {{"ip", kStrings, "an address, with or without /prefix"}},
      .doc = "The prefix of an address, 32 where it has none; null where it is no address",
      .example = "print ipv4_netmask_suffix('192.168.1.1/24')",
      .emit = [](const Call& c) -> Result<Value> {
        return cast_value(Type::kLong,
                          once(read_address(c[0]),
                               [](const Sql& read) {
                                 return if_(is_null(member(read, 1)), null(), member(read, 2));
                               }),
                          true);
      }});
  registry.add(FunctionSpec{
      .name = "parse_ipv4_mask",
      .min_args = 2,
      .max_args = 2,
      .args = {{"ip", kStrings, "an address"}, bits},
      .doc = "The address with the bits past the prefix cleared, as a number",
      .example = "print parse_ipv4_mask('192.168.1.255', 24)",
      .emit = [](const Call& c) -> Result<Value> {
        return cast_value(Type::kLong,
                          one_network(c, [](const Sql& network, const Sql&) { return network; }),
                          true);
      }});
  registry.add(FunctionSpec{
      .name = "format_ipv4",
      .min_args = 1,
      .max_args = 2,
      .args = {any_form, bits},
      .doc =
          "The text of an address, with the bits past the prefix cleared; empty where it is none",
      .example = "print format_ipv4('192.168.1.255', 24)",
      .emit = [](const Call& c) -> Result<Value> {
        return string_value(one_network(c, [](const Sql& network, const Sql&) {
          return if_(is_null(network), quoted(""), address_text(network));
        }));
      }});
  registry.add(
      FunctionSpec{.name = "format_ipv4_mask",
                   .min_args = 1,
                   .max_args = 2,
                   .args = {any_form, bits},
                   .doc = "As format_ipv4, with the prefix: a.b.c.d/24",
                   .example = "print format_ipv4_mask('192.168.1.255', 24)",
                   .emit = [](const Call& c) -> Result<Value> {
                     return string_value(one_network(c, [](const Sql& network, const Sql& prefix) {
                       return if_(is_null(network), quoted(""),
                                  call("concat", {address_text(network), quoted("/"),
                                                  call("toString", {if_null(prefix, int64(0))})}));
                     }));
                   }});
  for (const bool any : {false, true}) {
    for (const bool prefix : {false, true}) {
      registry.add(FunctionSpec{
          .name = any ? (prefix ? "has_any_ipv4_prefix" : "has_any_ipv4")
                      : (prefix ? "has_ipv4_prefix" : "has_ipv4"),
          .min_args = 2,
          .max_args = static_cast<std::uint16_t>(any ? kMany : 2),
          .args = {{"source", kStrings | kDynamics, "the text to look into"},
                   {prefix ? "prefix" : "ip",
                    static_cast<TypeSet>(any ? kStrings | kDynamics : kStrings),
                    prefix ? "the start of an address up to a dot, such as '10.1.'" : "an address",
                    true}},
          .doc = prefix ? "Whether a text names an address that begins so"
                        : "Whether a text names an address",
          .example =
              any ? (prefix ? "print has_any_ipv4_prefix('from 10.1.2.3:80', '192.168.', '10.1.')"
                            : "print has_any_ipv4('from 10.1.2.3:80', dynamic(['10.1.2.3']))")
                  : (prefix ? "print has_ipv4_prefix('from 10.1.2.3:80', '10.1.')"
                            : "print has_ipv4('from 10.1.2.3:80', '10.1.2.3')"),
          .emit = [prefix](const Call& c) { return has_address(c, prefix); },
      });
    }
  }
}

}  // namespace spoor::kql
