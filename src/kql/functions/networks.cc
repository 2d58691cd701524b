// ipv4_is_private, ipv4_is_in_range, parse_ipv4, parse_url, parse_path.

#include <span>
#include <utility>

#include "base/text.h"
#include "kql/emit/forms.h"
#include "kql/functions/families.h"

namespace spoor::kql {
namespace {

/// The network number of "a.b.c.d[/n]" as Int64, NULL where it is none.
Sql network_number(const Sql& text) {
  return once(call("splitByChar", {quoted("/"), text}), [](const Sql& parts) {
    const Sql address = call("IPv4StringToNumOrNull", {element(parts, keyword("1"))});
    const Sql bits =
        if_(equals(call("length", {parts}), keyword("1")), call("toNullable", {keyword("32")}),
            call("toUInt8OrNull", {element(parts, keyword("2"))}));
    return once(
        tuple({call("toInt64", {address}), bits, call("length", {parts})}), [](const Sql& read) {
          const Sql mask = call(
              "bitShiftLeft", {int64(4294967295),
                               infix("-", keyword("32"), if_null(member(read, 2), keyword("0")))});
          return if_(
              infix("AND", {infix("<=", member(read, 3), keyword("2")),
                            if_null(infix("<=", member(read, 2), keyword("32")), boolean(false))}),
              call("bitAnd", {member(read, 1), mask}), null());
        });
  });
}

struct Network {
  std::int64_t first = 0;
  std::int64_t last = 0;
};

std::optional<Network> parse_network(std::string_view text) {
  const auto parts = split(text, '/');
  const auto numbers = split(parts[0], '.');
  std::int64_t bits = 32;
  if (parts.size() == 2) {
    bits = parse_int(parts[1]).value_or(-1);
  }
  if (numbers.size() != 4 || parts.size() > 2 || bits < 0 || bits > 32) {
    return std::nullopt;
  }
  std::int64_t address = 0;
  for (const std::string_view number : numbers) {
    const auto value = parse_int(number);
    if (!value || *value < 0 || *value > 255) {
      return std::nullopt;
    }
    address = address * 256 + *value;
  }
  const std::int64_t size = std::int64_t{1} << (32 - bits);
  return Network{address / size * size, address / size * size + size - 1};
}

/// Condition: the address number lies in the network.
Sql lies_in(const Sql& address, const Network& network) {
  return infix("AND", {infix(">=", address, int64(network.first)),
                       infix("<=", address, int64(network.last))});
}

Sql address_number(const Sql& text) {
  return call("toInt64", {call("IPv4StringToNumOrNull", {text})});
}

Result<Value> in_networks(const Sql& text, const std::vector<Network>& networks) {
  return cast_value(Type::kBool,
                    once(address_number(text),
                         [&](const Sql& address) {
                           std::vector<Sql> tests;
                           for (const Network& network : networks) {
                             tests.push_back(lies_in(address, network));
                           }
                           return or_(std::move(tests));
                         }),
                    true);
}

Result<Value> is_private(const Call& call_) {
  static const std::vector<Network> kPrivate = {*parse_network("10.0.0.0/8"),
                                                *parse_network("172.16.0.0/12"),
                                                *parse_network("192.168.0.0/16")};
  return cast_value(Type::kBool,
                    once(network_number(call_[0].sql),
                         [&](const Sql& address) {
                           std::vector<Sql> tests;
                           for (const Network& network : kPrivate) {
                             tests.push_back(lies_in(address, network));
                           }
                           return or_(std::move(tests));
                         }),
                    true);
}

Result<Value> in_range(const Call& call_) {
  const std::string* range = call_[1].text();
  if (range == nullptr) {
    // With both sides of the same width the networks are equal.
    const Sql parts = call("splitByChar", {quoted("/"), call_[1].sql});
    const Sql bits = if_(equals(call("length", {parts}), keyword("1")), quoted("32"),
                         element(parts, keyword("2")));
    return cast_value(Type::kBool,
                      infix("=", network_number(call("concat", {call_[0].sql, quoted("/"), bits})),
                            network_number(call_[1].sql)),
                      true);
  }
  const auto network = parse_network(*range);
  if (!network) {
    return fail(call_.error(1, "this is no IPv4 range such as 10.0.0.0/8"));
  }
  return in_networks(call_[0].sql, {*network});
}

/// Texts of a constant array such as dynamic(["a","b"]); nothing where it is none.
std::optional<std::vector<std::string>> plain_texts(std::string_view json) {
  std::vector<std::string> texts;
  json = trim_blanks(json);
  if (!json.starts_with("[") || !json.ends_with("]")) {
    return std::nullopt;
  }
  json = trim_blanks(json.substr(1, json.size() - 2));
  if (json.empty()) {
    return texts;
  }
  for (std::string_view item : split(json, ',')) {
    item = trim_blanks(item);
    if (item.size() < 2 || item.front() != '"' || item.back() != '"') {
      return std::nullopt;
    }
    texts.emplace_back(item.substr(1, item.size() - 2));
  }
  return texts;
}

Result<Value> in_any_range(const Call& call_) {
  std::vector<Network> networks;
  for (std::size_t at = 1; at < call_.size(); ++at) {
    const std::string* text = call_[at].text();
    const auto texts = text == nullptr                    ? std::nullopt
                       : call_[at].type == Type::kDynamic ? plain_texts(*text)
                                                          : std::optional(std::vector{*text});
    if (!texts) {
      return fail(call_.unsupported(at, "the ranges must be constants"));
    }
    for (const std::string& range : *texts) {
      const auto network = parse_network(range);
      if (!network) {
        return fail(call_.error(at, "'" + range + "' is no IPv4 range such as 10.0.0.0/8"));
      }
      networks.push_back(*network);
    }
  }
  return in_networks(call_[0].sql, networks);
}

/// A bag of texts.
Sql bag_of_texts(std::span<const std::pair<std::string_view, Sql>> members) {
  std::vector<Sql> pieces;
  for (const auto& [name, text] : members) {
    pieces.push_back(quoted((pieces.empty() ? "{\"" : ",\"") + std::string(name) + "\":"));
    pieces.push_back(call("toJSONString", {text}));
  }
  pieces.push_back(quoted("}"));
  return call("concat", std::move(pieces));
}

Result<Value> url_parts(const Call& call_) {
  constexpr std::string_view kUrl =
      R"(^([A-Za-z][A-Za-z0-9+.-]*)://(?:([^:@/?#]*)(?::([^@/?#]*))?@)?([^:/?#]*)(?::([0-9]*))?(/[^?#]*)?(?:\?([^#]*))?(?:#(.*))?$)";
  return dynamic_value(
      once(call("extractGroups", {call_[0].sql, quoted(kUrl)}), [](const Sql& groups) {
        const auto text = [&](int index) {
          return call("toJSONString",
                      {call("arrayElement", {groups, keyword(std::to_string(index))})});
        };
        const Sql parameters = call(
            "arrayStringConcat",
            {call("arrayMap",
                  {lambda([](const Sql& pair) {
                     const Sql key =
                         call("decodeURLComponent", {call("extract", {pair, quoted("^([^=]*)")})});
                     const Sql value =
                         call("decodeURLComponent", {call("extract", {pair, quoted("=(.*)$")})});
                     return call("concat", {call("toJSONString", {key}), quoted(":"),
                                            call("toJSONString", {value})});
                   }),
                   call("arrayFilter",
                        {lambda([](const Sql& pair) { return infix("!=", pair, quoted("")); }),
                         call("splitByChar",
                              {quoted("&"), call("arrayElement", {groups, keyword("7")})})})}),
             quoted(",")});
        return call("concat", {quoted("{\"Scheme\":"), text(1), quoted(",\"Host\":"), text(4),
                               quoted(",\"Port\":"), text(5), quoted(",\"Path\":"), text(6),
                               quoted(",\"Username\":"), text(2), quoted(",\"Password\":"), text(3),
                               quoted(",\"Query Parameters\":{"), parameters,
                               quoted("},\"Fragment\":"), text(8), quoted("}")});
      }));
}

}  // namespace

void add_networks(Registry& registry) {
  registry.add(FunctionSpec{
      .name = "ipv4_is_private",
      .min_args = 1,
      .max_args = 1,
      .args = {{"ip", kStrings, "an IPv4 address or range"}},
      .doc = "True where the address is of a private network (RFC 1918); null where it is none",
      .example = "print ipv4_is_private('192.168.2.1')",
      .emit = is_private});
  registry.add(FunctionSpec{
      .name = "ipv4_is_in_range",
      .min_args = 2,
      .max_args = 2,
      .args = {{"ip", kStrings, "an IPv4 address"}, {"range", kStrings, "such as 10.0.0.0/8"}},
      .doc = "True where the address is in the range",
      .example = "print ipv4_is_in_range('10.1.2.3', '10.0.0.0/8')",
      .emit = in_range});
  registry.add(FunctionSpec{
      .name = "ipv4_is_in_any_range",
      .min_args = 2,
      .max_args = kMany,
      .args = {{"ip", kStrings, "an IPv4 address"},
               {"range", kStrings | kDynamics, "ranges, or arrays of them"}},
      .doc = "True where the address is in one of the ranges",
      .example = "print ipv4_is_in_any_range('10.1.2.3', '192.168.0.0/16', '10.0.0.0/8')",
      .emit = in_any_range});
  registry.add(FunctionSpec{
      .name = "parse_ipv4",
      .min_args = 1,
      .max_args = 1,
      .args = {{"ip", kStrings, "an IPv4 address or range"}},
      .doc = "The address (of a range: its network) as a number; null where it is none",
      .example = "print parse_ipv4('192.1.168.1')",
      .emit = [](const Call& call_) -> Result<Value> {
        return cast_value(Type::kLong, network_number(call_[0].sql), true);
      }});
  registry.add(FunctionSpec{.name = "parse_url",
                            .min_args = 1,
                            .max_args = 1,
                            .args = {{"url", kStrings, "a URL"}},
                            .doc = "The parts of a URL as a bag",
                            .example = "print parse_url('https://u:p@h.example:80/a?k=v#f').Host",
                            .emit = url_parts});
  registry.add(FunctionSpec{
      .name = "parse_path",
      .min_args = 1,
      .max_args = 1,
      .args = {{"path", kStrings, "a file path"}},
      .doc = "The parts of a file path as a bag",
      .example = "print parse_path(@'C:\\temp\\file.txt').Filename",
      .emit = [](const Call& call_) -> Result<Value> {
        constexpr std::string_view kPath =
            R"(^(?:([A-Za-z0-9+.-]+)://)?((?:[A-Za-z]:)?)((?:.*[\\/])?)([^\\/:]*)(?::(.*))?$)";
        return dynamic_value(
            once(call("extractGroups", {call_[0].sql, quoted(kPath)}), [](const Sql& groups) {
              const auto at = [&](int index) {
                return call("arrayElement", {groups, keyword(std::to_string(index))});
              };
              const Sql directory = call("replaceRegexpOne", {call("concat", {at(2), at(3)}),
                                                              quoted("[\\\\/]$"), quoted("")});
              const Sql folder = call("extract", {directory, quoted("([^\\\\/]*)$")});
              const Sql extension = call("extract", {at(4), quoted("\\.([^.]*)$")});
              const std::pair<std::string_view, Sql> members[] = {
                  {"Scheme", at(1)},
                  {"RootPath", at(2)},
                  {"DirectoryPath", directory},
                  {"DirectoryName", folder},
                  {"Filename", at(4)},
                  {"Extension", extension},
                  {"AlternateDataStreamName", at(5)}};
              return bag_of_texts(members);
            }));
      }});
}

}  // namespace spoor::kql
