// Functions of the hunting product, as far as what is stored here can answer them.

#include <algorithm>
#include <array>

#include "kql/emit/forms.h"
#include "kql/operators/operators.h"
#include "kql/syntax/parser.h"

namespace spoor::kql {
namespace {

/// Puts a column where one of its name stands, else behind the others.
void place(Relation& relation, Column column) {
  column.hidden = false;
  const auto at = std::find_if(relation.columns.begin(), relation.columns.end(),
                               [&](const Column& each) { return each.name == column.name; });
  if (at == relation.columns.end()) {
    relation.columns.push_back(std::move(column));
  } else {
    *at = std::move(column);
  }
}

/// The column an argument names: by its name, or by a text that holds the name.
Result<Value> column_argument(Binder& binder, const Expr& call, std::string_view otherwise,
                              const Relation& input, const EnvPtr& env) {
  Expr name;
  name.kind = Expr::Kind::kName;
  name.span = call.span;
  name.text = otherwise;
  const Expr* given = &name;
  if (!call.children.empty()) {
    given = call.children[0].get();
    if (given->kind == Expr::Kind::kLiteral && given->type == Type::kString) {
      name.span = given->span;
      name.text = std::get<std::string>(given->constant);
      given = &name;
    }
  }
  Scope scope{.row = &input, .env = env};
  Value value = TRY(binder.scalar(*given, scope));
  if (value.type != Type::kString) {
    value = string_value(text_of(value));
  }
  return value;
}

/// Certificates by hash: the only part of a file's profile that is recorded here.
constexpr std::string_view kCertificates =
    "DeviceFileCertificateInfo | where isnotempty(SHA1) | summarize arg_max(Timestamp, Signer, "
    "Issuer, SignerHash, IsTrusted, IsRootSignerMicrosoft, IsSigned) by SHA1 | project ['$key'] = "
    "tolower(SHA1), ['$signer'] = Signer, ['$issuer'] = Issuer, ['$signerhash'] = SignerHash, "
    "['$trusted'] = IsTrusted, ['$microsoft'] = IsRootSignerMicrosoft, ['$state'] = "
    "case(isnull(IsSigned), 'Unknown', not(IsSigned), 'Unsigned', IsTrusted, 'SignedValid', "
    "'SignedInvalid')";

/// The device that last had an address.
constexpr std::string_view kAddresses =
    "DeviceNetworkInfo | mv-expand Address = parse_json(IPAddresses) | project Timestamp, "
    "DeviceId, "
    "IP = tostring(Address.IPAddress) | where isnotempty(IP) | summarize arg_max(Timestamp, "
    "DeviceId) by IP | project ['$key'] = IP, ['$device'] = DeviceId";

/// The rows with the columns of a query of ours beside them, where its '$key' is `key`.
Bound beside(Binder& binder, const Expr& call, std::string_view query, Sql key, Relation input,
             const EnvPtr& env) {
  auto before = node_over(Node::Kind::kProject, input.plan);
  Column column = binder.define(*before, "$key", string_value(std::move(key)));
  column.hidden = true;
  input.columns.push_back(std::move(column));
  input.plan = std::move(before);
  Operator lookup;
  lookup.name = "lookup";
  lookup.span = call.span;
  auto by = std::make_unique<Expr>();
  by->kind = Expr::Kind::kName;
  by->span = call.span;
  by->text = "$key";
  lookup.by.push_back(std::move(by));
  // The query is bound outside of the user's names.
  Relation right = TRY(binder.table(*TRY(binder.own_query(query)), nullptr));
  return bind_join(binder, lookup, std::move(input), std::move(right), env);
}

Bound file_profile(Binder& binder, const Expr& call, Relation input, const EnvPtr& env) {
  if (call.children.size() > 2) {
    return fail(error_at(
        call.span, ErrorCode::kInvalidInput,
        "FileProfile() takes 0 to 2 arguments, found " + std::to_string(call.children.size())));
  }
  const Value hash = TRY(column_argument(binder, call, "SHA1", input, env));
  binder.note(
      "FileProfile() knows the certificates recorded here only: GlobalPrevalence, GlobalFirstSeen, "
      "GlobalLastSeen and ThreatName are null, and ProfileAvailability is Missing.");
  Relation made = TRY(
      beside(binder, call, kCertificates, kql::call("lower", {hash.sql}), std::move(input), env));
  auto after = node_over(Node::Kind::kProject, made.plan);
  const auto add = [&](std::string_view name, const Value& value) {
    Column column = binder.define(*after, std::string(name), value);
    place(made, std::move(column));
  };
  const auto kept = [&](std::string_view name) { return made.find(name)->value; };
  const auto none = [](Type type) { return constant_value(type, std::monostate{}); };
  for (const std::string_view name : {"SHA1", "SHA256", "MD5"}) {
    if (made.find(name) == nullptr) {
      add(name, name == "SHA1" && hash.name == "InitiatingProcessSHA1"
                    ? hash
                    : string_value(cast(quoted(""), "String")));
    }
  }
  Value size = none(Type::kInt);
  if (const Column* given = made.find("FileSize"); given && is_integer(given->value.type)) {
    size = make_value(Type::kInt,
                      kql::call("accurateCastOrNull", {given->value.sql, quoted("Int32")}), true);
  }
  add("FileSize", size);
  add("GlobalPrevalence", none(Type::kInt));
  add("GlobalFirstSeen", none(Type::kDateTime));
  add("GlobalLastSeen", none(Type::kDateTime));
  add("Signer", kept("$signer"));
  add("Issuer", kept("$issuer"));
  add("SignerHash", kept("$signerhash"));
  add("IsCertificateValid", kept("$trusted"));
  add("IsRootSignerMicrosoft", kept("$microsoft"));
  const Value state = kept("$state");
  add("SignatureState",
      string_value(if_(equals(state.sql, quoted("")), quoted("Unknown"), state.sql)));
  add("IsExecutable", none(Type::kBool));
  for (const std::string_view name : {"ThreatName", "Publisher", "SoftwareName"}) {
    add(name, string_value(cast(quoted(""), "String")));
  }
  add("ProfileAvailability", string_value(cast(quoted("Missing"), "String")));
  made.plan = std::move(after);
  std::erase_if(made.columns, [](const Column& column) { return column.name.starts_with('$'); });
  return made;
}

Bound device_from_ip(Binder& binder, const Expr& call, Relation input, const EnvPtr& env) {
  if (call.children.size() > 1) {
    return fail(error_at(call.children[1]->span, ErrorCode::kUnsupported,
                         "DeviceFromIP() at a time is not supported"));
  }
  const Value address = TRY(column_argument(binder, call, "IP", input, env));
  Relation made = TRY(beside(binder, call, kAddresses, address.sql, std::move(input), env));
  auto after = node_over(Node::Kind::kProject, made.plan);
  place(made, binder.define(*after, "IP", address));
  place(made, binder.define(*after, "DeviceId", made.find("$device")->value));
  made.plan = std::move(after);
  std::erase_if(made.columns, [](const Column& column) { return column.name.starts_with('$'); });
  return made;
}

Bound seen_by(Binder& binder, const Expr& call, Relation input, const EnvPtr& env) {
  TRY(column_argument(binder, call, "DeviceId", input, env));
  binder.note("SeenBy() has no discovery data here: SeenBy is null.");
  auto node = node_over(Node::Kind::kProject, input.plan);
  place(input, binder.define(*node, "SeenBy", dynamic_value(cast(quoted(""), "String"))));
  input.plan = std::move(node);
  return input;
}

}  // namespace

Bound invoke_product_function(Binder& binder, const Expr& call, Relation input, const EnvPtr& env) {
  if (call.text == "FileProfile") {
    return file_profile(binder, call, std::move(input), env);
  }
  if (call.text == "DeviceFromIP") {
    return device_from_ip(binder, call, std::move(input), env);
  }
  if (call.text == "SeenBy") {
    return seen_by(binder, call, std::move(input), env);
  }
  return fail(error_at(call.span, ErrorCode::kUnsupported,
                       "invoke " + call.text + "() is not supported: no such function is defined"));
}

}  // namespace spoor::kql
