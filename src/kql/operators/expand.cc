// mv-expand.

#include "kql/emit/forms.h"
#include "kql/operators/operators.h"

namespace spoor::kql {
namespace {

/// Elements of a dynamic as rows see them: of an array its elements, of a bag bags of one entry, of
/// null one null.
Sql elements_of(const Value& value, bool pairs) {
  if (value.as_array) {
    return value.sql;
  }
  return once(dynamic_of(value), [&](const Sql& json) {
    const Sql entry = lambda([&](const Sql& kv) {
      return call("concat", {quoted(pairs ? "[" : "{"), call("toJSONString", {member(kv, 1)}),
                             quoted(pairs ? "," : ":"), member(kv, 2), quoted(pairs ? "]" : "}")});
    });
    return call(
        "multiIf",
        {dynamic_is_null(json), array({quoted("")}), call("startsWith", {json, quoted("[")}),
         call("JSONExtractArrayRaw", {json}), call("startsWith", {json, quoted("{")}),
         call("arrayMap", {entry, call("JSONExtractKeysAndValuesRaw", {json})}), array({json})});
  });
}

}  // namespace

Value cast_element(const Sql& json, Type type) {
  const auto number = [&](std::string_view name) {
    return if_(infix("IN", call("JSONType", {json}), keyword("('Int64', 'UInt64', 'Double')")),
               call("JSONExtract", {json, quoted(name)}), null());
  };
  switch (type) {
    case Type::kString:
      return string_value(dynamic_text(json));
    case Type::kInt:
      return cast_value(type, number("Nullable(Int64)"), true);
    case Type::kLong:
      return make_value(type, number("Nullable(Int64)"), true);
    case Type::kReal:
      return make_value(type, number("Nullable(Float64)"), true);
    case Type::kBool:
      return make_value(type,
                        call("multiIf", {equals(json, quoted("true")), boolean(true),
                                         equals(json, quoted("false")), boolean(false),
                                         cast(null(), "Nullable(Bool)")}),
                        true);
    case Type::kDateTime:
      return make_value(type,
                        call("parseDateTime64BestEffortOrNull",
                             {dynamic_text(json), keyword("7"), quoted("UTC")}),
                        true);
    case Type::kGuid: {
      const Sql text = call("toUUIDOrNull", {dynamic_text(json)});
      return make_value(type, call("toString", {text}), true);
    }
    case Type::kTimespan:
    case Type::kDecimal:
    case Type::kDynamic:
      return dynamic_value(json);
  }
  return dynamic_value(json);
}

Bound bind_expand(Binder& binder, const Operator& op, Relation input, const EnvPtr& env) {
  bool pairs = false;
  std::string index_name;
  for (const auto& [key, value] : op.options) {
    if (key == "bagexpansion" || key == "kind") {
      pairs = value->text == "array";
    } else if (key == "with_itemindex") {
      index_name = value->text;
    }
  }
  std::int64_t limit = op.name == "mvexpand" ? 128 : 2'147'483'647;
  if (!op.by.empty()) {
    limit = TRY(binder.constant(*op.by[0], env)).number().value_or(limit);
  }
  auto before = node_over(Node::Kind::kProject, input.plan);
  auto node = node_over(Node::Kind::kExpand, before);
  auto after = node_over(Node::Kind::kProject, node);
  struct Item {
    std::string name;
    Sql elements;
    Type type;
    bool from_column;
  };
  std::vector<Item> items;
  for (std::size_t i = 0; i < op.exprs.size(); ++i) {
    const Expr& given = *op.exprs[i];
    const Expr& expr = given.kind == Expr::Kind::kNamed ? *given.children[0] : given;
    Scope scope{.row = &input, .env = env};
    Value value = TRY(binder.scalar(expr, scope));
    if (value.type == Type::kString) {
      value = dynamic_value(json_of(value));
    }
    if (value.type != Type::kDynamic) {
      return fail(error_at(
          expr.span, ErrorCode::kInvalidInput,
          op.name + " needs a dynamic, not " + std::string(schema::type_name(value.type))));
    }
    Item item;
    item.name = given.kind == Expr::Kind::kNamed ? given.names[0] : value.name;
    if (item.name.empty()) {
      item.name = "Column" + std::to_string(i + 1);
    }
    const ColumnId id = binder.fresh();
    before->definitions.push_back({id, elements_of(value, pairs)});
    item.elements = kql::column(id);
    item.type = op.columns[i].type;
    item.from_column = given.kind != Expr::Kind::kNamed;
    items.push_back(std::move(item));
  }
  std::vector<Sql> lengths;
  for (const auto& item : items) {
    lengths.push_back(call("length", {item.elements}));
  }
  for (const auto& item : items) {
    Sql elements = item.elements;
    if (items.size() > 1) {
      elements = call("arrayResize", {elements, call("greatest", lengths), quoted("")});
    }
    if (limit < 2'147'483'647) {
      elements = call("arraySlice", {elements, keyword("1"), param_int(limit)});
    }
    const ColumnId id = binder.fresh();
    node->definitions.push_back({id, elements});
    Column column = binder.define(*after, item.name, cast_element(kql::column(id), item.type));
    bool placed = false;
    for (auto& each : input.columns) {
      if (each.name == column.name) {
        each = column;
        placed = true;
      }
    }
    if (!placed) {
      input.columns.push_back(std::move(column));
    }
  }
  if (!index_name.empty()) {
    const ColumnId id = binder.fresh();
    node->definitions.push_back({id, call("arrayEnumerate", {node->definitions.front().sql})});
    Column column = binder.define(
        *after, index_name,
        make_value(Type::kLong, call("toInt64", {infix("-", kql::column(id), keyword("1"))}),
                   false));
    input.columns.insert(input.columns.begin(), std::move(column));
  }
  input.plan = std::move(after);
  input.serialized = false;
  input.order.clear();
  return input;
}

}  // namespace spoor::kql
