// IPv6 addresses, and IPv4 ones as a part of them: parse_ipv6, ipv6_is_in_range, ipv6_compare.

#include "kql/emit/forms.h"
#include "kql/functions/families.h"

namespace spoor::kql {
namespace {

/// tuple(address as Nullable(IPv6), bits of its prefix as Nullable(UInt8)) of "address[/bits]".
/// IPv4, also written
/// ::a.b.c.d, becomes ::ffff:a.b.c.d, and its prefix counts from bit 96.
Sql read_address(const Sql& text) {
  return once(call("splitByChar", {quoted("/"), text}), [](const Sql& parts) {
    const Sql written =
        call("replaceRegexpOne",
             {element(parts, keyword("1")), quoted(R"(^::(\d+\.\d+\.\d+\.\d+)$)"), quoted("\\1")});
    return once(written, [&](const Sql& address) {
      const Sql four = call("isIPv4String", {address});
      const Sql bits = call("toUInt8OrNull", {element(parts, keyword("2"))});
      const Sql prefix_bits =
          call("multiIf", {equals(call("length", {parts}), keyword("1")),
                           cast(keyword("128"), "Nullable(UInt8)"),
                           infix(">", call("length", {parts}), keyword("2")), null(), four,
                           if_(infix("<=", bits, keyword("32")),
                               cast(infix("+", bits, keyword("96")), "Nullable(UInt8)"), null()),
                           infix("<=", bits, keyword("128")), bits, null()});
      return tuple({call("toIPv6OrNull", {address}), prefix_bits});
    });
  });
}

/// First address of the network that the address lies in, as Nullable(String) of 16 bytes.
Sql network_of(const Sql& address, const Sql& bits) {
  const Sql range = call(
      "IPv6CIDRToRange",
      {call("assumeNotNull", {address}), call("assumeNotNull", {cast(bits, "Nullable(UInt8)")})});
  const Sql bytes = call("IPv6StringToNum", {call("toString", {member(range, 1)})});
  return if_(infix("OR", is_null(address), is_null(bits)), null(), call("toNullable", {bytes}));
}

/// 'fe80:0000:…' of 16 bytes; '' for null.
Sql full_text(const Sql& bytes) {
  const Sql groups =
      call("extractAll",
           {call("lower", {call("hex", {call("assumeNotNull", {bytes})})}), quoted(".{4}")});
  return if_(is_null(bytes), quoted(""), call("arrayStringConcat", {groups, quoted(":")}));
}

Sql least_bits(std::vector<Sql> bits) {
  for (Sql& each : bits) {
    each = cast(each, "Nullable(Int64)");
  }
  // least() of the engine passes over nulls, and a null prefix must stay one.
  std::vector<Sql> nulls;
  for (const Sql& each : bits) {
    nulls.push_back(is_null(each));
  }
  return if_(or_(std::move(nulls)), null(), call("least", std::move(bits)));
}

/// The prefix argument at `index`, as a bound beside the prefixes written in the addresses.
void add_prefix(const Call& c, std::size_t index, std::vector<Sql>& bits) {
  if (c.size() > index) {
    bits.push_back(if_(
        infix("AND", infix(">=", c[index].sql, int64(0)), infix("<=", c[index].sql, int64(128))),
        call("toNullable", {c[index].sql}), null()));
  }
}

/// `made` of the two networks, both cut to the shortest prefix at hand.
Sql two_networks(const Call& c, const std::function<Sql(Sql, Sql)>& made) {
  return once(tuple({read_address(c[0].sql), read_address(c[1].sql)}), [&](const Sql& both) {
    const Sql left = member(both, 1);
    const Sql right = member(both, 2);
    std::vector<Sql> bits{member(left, 2), member(right, 2)};
    add_prefix(c, 2, bits);
    const Sql shortest = least_bits(std::move(bits));
    return made(network_of(member(left, 1), shortest), network_of(member(right, 1), shortest));
  });
}

Sql lies_in(const Sql& address, const Sql& range) {
  return once(tuple({read_address(address), read_address(range)}), [](const Sql& both) {
    const Sql bits = member(member(both, 2), 2);
    return equals(network_of(member(member(both, 1), 1), bits),
                  network_of(member(member(both, 2), 1), bits));
  });
}

Result<Value> in_any_range(const Call& c) {
  std::vector<Sql> tests;
  for (std::size_t i = 1; i < c.size(); ++i) {
    if (c[i].type == Type::kDynamic) {
      const Sql inside = lambda([&](const Sql& range) {
        return if_null(lies_in(c[0].sql, dynamic_text(range)), boolean(false));
      });
      tests.push_back(call("arrayExists", {inside, array_of(c[i])}));
    } else {
      tests.push_back(lies_in(c[0].sql, c[i].sql));
    }
  }
  return cast_value(Type::kBool, or_(std::move(tests)), true);
}

}  // namespace

void add_ipv6(Registry& registry) {
  const ArgSpec first{"ip1", kStrings, "an address, with or without /prefix"};
  const ArgSpec second{"ip2", kStrings, "an address, with or without /prefix"};
  const ArgSpec bits{"prefix", one_of(Type::kLong), "bits to look at, 0 to 128"};
  registry.add(
      FunctionSpec{.name = "parse_ipv6",
                   .min_args = 1,
                   .max_args = 1,
                   .args = {first},
                   .doc = "The address in eight groups of four hex digits; empty where it is none",
                   .example = "print parse_ipv6('127.0.0.1')",
                   .emit = [](const Call& c) -> Result<Value> {
                     return string_value(once(read_address(c[0].sql), [](const Sql& read) {
                       return once(network_of(member(read, 1), member(read, 2)), full_text);
                     }));
                   }});
  registry.add(FunctionSpec{
      .name = "parse_ipv6_mask",
      .min_args = 2,
      .max_args = 2,
      .args = {first, bits},
      .doc =
          "The address with the bits past the prefix cleared, in eight groups of four hex digits",
      .example = "print parse_ipv6_mask('fe80::85d:e82c:9446:7994/120', 124)",
      .emit = [](const Call& c) -> Result<Value> {
        return string_value(once(read_address(c[0].sql), [&](const Sql& read) {
          std::vector<Sql> prefixes{member(read, 2)};
          add_prefix(c, 1, prefixes);
          return once(network_of(member(read, 1), least_bits(std::move(prefixes))), full_text);
        }));
      }});
  registry.add(
      FunctionSpec{.name = "ipv6_is_match",
                   .min_args = 2,
                   .max_args = 3,
                   .args = {first, second, bits},
                   .doc = "Whether two addresses are equal up to the shortest prefix given",
                   .example = "print ipv6_is_match('fe80::1', 'fe80::2', 120)",
                   .emit = [](const Call& c) -> Result<Value> {
                     return cast_value(Type::kBool, two_networks(c, equals), true);
                   }});
  registry.add(FunctionSpec{
      .name = "ipv6_compare",
      .min_args = 2,
      .max_args = 3,
      .args = {first, second, bits},
      .doc = "-1, 0 or 1 by the order of two addresses, up to the shortest prefix given",
      .example = "print ipv6_compare('fe80::1', 'fe80::2')",
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
  registry.add(
      FunctionSpec{.name = "ipv6_is_in_range",
                   .min_args = 2,
                   .max_args = 2,
                   .args = {{"ip", kStrings, "an address"}, {"range", kStrings, "address/prefix"}},
                   .doc = "Whether an address lies in a range",
                   .example = "print ipv6_is_in_range('fe80::1', 'fe80::/64')",
                   .emit = [](const Call& c) -> Result<Value> {
                     return cast_value(Type::kBool, lies_in(c[0].sql, c[1].sql), true);
                   }});
  registry.add(FunctionSpec{
      .name = "ipv6_is_in_any_range",
      .min_args = 2,
      .max_args = 64,
      .args = {{"ip", kStrings, "an address"},
               {"range", kStrings | kDynamics, "address/prefix, or an array of them"}},
      .doc = "Whether an address lies in one of several ranges",
      .example = "print ipv6_is_in_any_range('fe80::1', dynamic(['10.0.0.0/8','fe80::/64']))",
      .emit = in_any_range});
}

}  // namespace spoor::kql
