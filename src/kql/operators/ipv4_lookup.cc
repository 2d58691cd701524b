// evaluate ipv4_lookup: the networks of a table that an address lies in.

#include <algorithm>

#include "kql/emit/forms.h"
#include "kql/operators/operators.h"

namespace spoor::kql {
namespace {

struct Arguments {
  std::vector<const Expr*> places;
  bool unmatched = false;
};

/// The address as a number; NULL where the text is none.
Sql number_of(const Sql& text) { return call("toInt64", {call("IPv4StringToNumOrNull", {text})}); }

/// An address of `bits` leading bits and the count of them, as one number.
Sql network_key(const Sql& address, const Sql& bits) {
  const Sql shift = infix("-", int64(32), bits);
  return infix("+", infix("*", call("bitShiftRight", {address, shift}), int64(64)), bits);
}

Result<Arguments> read_arguments(Binder& binder, const Expr& call, const EnvPtr& env) {
  Arguments made;
  for (const auto& child : call.children) {
    if (child->kind == Expr::Kind::kNamed) {
      if (child->names[0] != "return_unmatched") {
        return fail(error_at(child->span, ErrorCode::kInvalidInput,
                             "ipv4_lookup() has no argument " + child->names[0]));
      }
      const auto value = TRY(binder.constant(*child->children[0], env));
      made.unmatched = value.constant == Constant(true);
    } else {
      made.places.push_back(child.get());
    }
  }
  if (made.places.size() < 3) {
    return fail(error_at(call.span, ErrorCode::kInvalidInput,
                         "ipv4_lookup() needs a table, an address and a network"));
  }
  return made;
}

}  // namespace

Bound bind_ipv4_lookup(Binder& binder, const Operator& op, Relation input, const EnvPtr& env) {
  const Expr& call_expr = *op.exprs[0];
  Arguments arguments = TRY(read_arguments(binder, call_expr, env));
  if (arguments.places.size() > 3) {
    // The old form gives return_unmatched by its place, after further keys of equality.
    const Expr& last = *arguments.places.back();
    if (arguments.places.size() != 4 || last.kind != Expr::Kind::kLiteral ||
        last.type != Type::kBool) {
      return fail(error_at(last.span, ErrorCode::kUnsupported,
                           "ipv4_lookup() with further keys is not supported"));
    }
    arguments.unmatched = last.constant == Constant(true);
  }
  Scope left_scope{.row = &input, .env = env};
  Value address = TRY(binder.scalar(*arguments.places[1], left_scope));
  Relation table = TRY(binder.table(*arguments.places[0], env));
  Scope right_scope{.row = &table, .env = env};
  Value network = TRY(binder.scalar(*arguments.places[2], right_scope));
  for (const auto* each : {&address, &network}) {
    if (each->type != Type::kString) {
      return fail(error_at(arguments.places[each == &address ? 1 : 2]->span,
                           ErrorCode::kInvalidInput, "ipv4_lookup() needs a text here"));
    }
  }
  auto keyed = node_over(Node::Kind::kProject, input.plan);
  const ColumnId text = binder.fresh();
  keyed->definitions.push_back({text, address.sql});
  input.plan = keyed;
  // The distinct addresses, once for each number of leading bits.
  const Relation left = binder.reread([&] {
    Relation only;
    only.plan = input.plan;
    only.columns.push_back(Column{"ip", string_value(column(text))});
    return only;
  }());
  auto distinct = node_over(Node::Kind::kAggregate, left.plan);
  const ColumnId ip = binder.fresh();
  distinct->keys.push_back({ip, left.columns[0].value.sql});
  auto numbers = node_over(Node::Kind::kProject, distinct);
  const ColumnId number = binder.fresh();
  numbers->definitions.push_back({number, number_of(column(ip))});
  auto valid = node_over(Node::Kind::kFilter, numbers);
  valid->predicates.push_back(call("isNotNull", {column(number)}));
  auto expand = node_over(Node::Kind::kExpand, valid);
  const ColumnId bits = binder.fresh();
  expand->definitions.push_back({bits, call("range", {keyword("33")})});
  auto left_keys = node_over(Node::Kind::kProject, expand);
  const ColumnId left_key = binder.fresh();
  left_keys->definitions.push_back({left_key, network_key(call("assumeNotNull", {column(number)}),
                                                          call("toInt64", {column(bits)}))});
  // The networks: address/bits, without bits a single address.
  auto parts = node_over(Node::Kind::kProject, table.plan);
  const ColumnId part = binder.fresh();
  parts->definitions.push_back({part, call("splitByChar", {quoted("/"), network.sql})});
  auto read = node_over(Node::Kind::kProject, parts);
  const ColumnId base = binder.fresh();
  const ColumnId size = binder.fresh();
  read->definitions.push_back({base, number_of(element(column(part), keyword("1")))});
  read->definitions.push_back(
      {size, if_(equals(call("length", {column(part)}), keyword("1")), int64(32),
                 call("toInt64OrNull", {element(column(part), keyword("2"))}))});
  auto sound = node_over(Node::Kind::kFilter, read);
  sound->predicates.push_back(call("isNotNull", {column(base)}));
  sound->predicates.push_back(
      infix("AND", infix(">=", column(size), int64(0)), infix("<=", column(size), int64(32))));
  auto right_keys = node_over(Node::Kind::kProject, sound);
  const ColumnId right_key = binder.fresh();
  right_keys->definitions.push_back(
      {right_key,
       network_key(call("assumeNotNull", {column(base)}), call("assumeNotNull", {column(size)}))});
  auto matched = std::make_shared<Node>();
  matched->kind = Node::Kind::kJoin;
  matched->text = "INNER";
  matched->inputs = {left_keys, right_keys};
  matched->on.emplace_back(column(left_key), column(right_key));
  // Back to the rows, by the address.
  auto rows = std::make_shared<Node>();
  rows->kind = Node::Kind::kJoin;
  rows->text = arguments.unmatched ? "LEFT" : "INNER";
  rows->inputs = {keyed, matched};
  rows->on.emplace_back(column(text), column(ip));
  auto after = node_over(Node::Kind::kProject, rows);
  Relation made;
  made.open = input.open || table.open;
  made.columns = input.columns;
  for (auto& each : made.columns) {
    each.value.column = nullptr;
    each.value.raw = nullptr;
  }
  for (const auto& each : table.columns) {
    if (each.hidden) {
      continue;
    }
    Column copy = each;
    copy.value.column = nullptr;
    copy.value.raw = nullptr;
    if (arguments.unmatched) {
      if (each.value.type == Type::kString || each.value.type == Type::kDynamic) {
        const ColumnId id = binder.fresh();
        after->definitions.push_back(
            {id,
             if_null(each.value.type == Type::kDynamic ? dynamic_of(each.value) : each.value.sql,
                     quoted(""))});
        copy.value.sql = column(id);
        copy.value.as_array = false;
      } else {
        copy.value.nullable = true;
      }
    }
    copy.name = free_name(each.name, made.columns);
    copy.value.name = copy.name;
    made.columns.push_back(std::move(copy));
  }
  made.plan = std::move(after);
  return made;
}

}  // namespace spoor::kql
