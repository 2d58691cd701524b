// evaluate bag_unpack: a column for each key of a bag. Which keys there are is asked first, so that
// the statement that follows has columns with names and types.

#include <algorithm>
#include <map>
#include <set>

#include "json/reader.h"
#include "kql/emit/forms.h"
#include "kql/operators/operators.h"

namespace spoor::kql {
namespace {

constexpr std::size_t kMostKeys = 200;

struct Arguments {
  const Expr* bag = nullptr;
  std::string prefix;
  std::string conflict = "error";
  std::set<std::string, std::less<>> ignored;
};

Result<Arguments> read_arguments(Binder& binder, const Expr& call, const EnvPtr& env) {
  Arguments made;
  static constexpr std::string_view kNames[] = {"", "OutputColumnPrefix", "columnsConflict",
                                                "ignoredProperties"};
  for (std::size_t i = 0; i < call.children.size(); ++i) {
    const Expr* child = call.children[i].get();
    std::size_t which = i;
    if (child->kind == Expr::Kind::kNamed) {
      const auto* found = std::find(std::begin(kNames), std::end(kNames), child->names[0]);
      if (found == std::end(kNames)) {
        return fail(error_at(child->span, ErrorCode::kInvalidInput,
                             "bag_unpack() has no argument " + child->names[0]));
      }
      which = static_cast<std::size_t>(found - std::begin(kNames));
      child = child->children[0].get();
    }
    if (which == 0) {
      made.bag = child;
      continue;
    }
    const Value value = TRY(binder.constant(*child, env));
    const std::string* text = value.text();
    if (text == nullptr || which > 3) {
      return fail(
          error_at(child->span, ErrorCode::kInvalidInput, "bag_unpack() needs a text here"));
    }
    if (which == 1) {
      made.prefix = *text;
    } else if (which == 2) {
      made.conflict = *text;
      if (*text != "error" && *text != "replace_source" && *text != "keep_source") {
        return fail(error_at(child->span, ErrorCode::kInvalidInput,
                             "columnsConflict is error, replace_source or keep_source"));
      }
    } else {
      const auto list = json::parse(*text);
      for (std::size_t at = 0; list && at < list->size(); ++at) {
        made.ignored.emplace((*list)[at].text_or(""));
      }
    }
  }
  if (made.bag == nullptr) {
    return fail(
        error_at(call.span, ErrorCode::kInvalidInput, "bag_unpack() needs the column of the bag"));
  }
  return made;
}

/// The type that holds all values of a key.
Type type_of_kinds(const std::set<std::string>& kinds) {
  const auto only = [&](std::initializer_list<std::string_view> allowed) {
    return std::all_of(kinds.begin(), kinds.end(), [&](const std::string& kind) {
      return std::find(allowed.begin(), allowed.end(), kind) != allowed.end();
    });
  };
  if (kinds.empty()) {
    return Type::kDynamic;
  }
  if (only({"Int64", "UInt64"})) {
    return Type::kLong;
  }
  if (only({"Int64", "UInt64", "Double"})) {
    return Type::kReal;
  }
  return only({"Bool"}) ? Type::kBool : only({"String"}) ? Type::kString : Type::kDynamic;
}

/// Keys of all the bags with the kinds of their values.
Result<std::optional<std::map<std::string, Type>>> ask_keys(Binder& binder, const Relation& input,
                                                            const Sql& bag, Span span) {
  auto group = node_over(Node::Kind::kAggregate, input.plan);
  const Sql entry = lambda([](const Sql& kv) {
    return call("toJSONString",
                {array({member(kv, 1), call("toString", {call("JSONType", {member(kv, 2)})})})});
  });
  const ColumnId id = binder.fresh();
  group->definitions.push_back(
      {id, json_of_array(parametric(
               "groupUniqArrayArray", {keyword("2000")},
               {call("arrayMap", {entry, call("JSONExtractKeysAndValuesRaw", {bag})})}))});
  bool known = false;
  const Value found =
      TRY(binder.first_value(group, dynamic_value(column(id)), std::string("[]"), known));
  if (!known) {
    return std::nullopt;
  }
  std::map<std::string, std::set<std::string>> kinds;
  if (found.text() != nullptr) {
    const auto list = TRY(json::parse(*found.text()));
    for (std::size_t i = 0; i < list.size(); ++i) {
      auto& of_key = kinds[std::string(list[i][0].text_or(""))];
      if (const auto kind = list[i][1].text_or(""); kind != "Null") {
        of_key.emplace(kind);
      }
    }
  }
  if (kinds.size() > kMostKeys) {
    return fail(error_at(span, ErrorCode::kLimit,
                         "the bags have more than " + std::to_string(kMostKeys) + " keys"));
  }
  std::map<std::string, Type> types;
  for (const auto& [key, of_key] : kinds) {
    if (!key.empty()) {
      types[key] = type_of_kinds(of_key);
    }
  }
  return types;
}

}  // namespace

Bound bind_bag_unpack(Binder& binder, const Operator& op, Relation input, const EnvPtr& env) {
  const Expr& call = *op.exprs[0];
  const Arguments arguments = TRY(read_arguments(binder, call, env));
  Scope scope{.row = &input, .env = env};
  const Value bag = TRY(binder.scalar(*arguments.bag, scope));
  if (bag.type != Type::kDynamic) {
    return fail(
        error_at(arguments.bag->span, ErrorCode::kInvalidInput,
                 "bag_unpack() needs a dynamic, not " + std::string(schema::type_name(bag.type))));
  }
  auto before = node_over(Node::Kind::kProject, input.plan);
  const Column source = binder.define(*before, "$bag", dynamic_value(dynamic_of(bag)));
  input.plan = before;
  std::map<std::string, Type> keys;
  bool promised = op.has_by;
  bool keeps_all = !promised;
  for (const auto& column : op.columns) {
    keeps_all = keeps_all || column.name == "*";
  }
  if (!promised) {
    auto asked = TRY(ask_keys(binder, input, source.value.sql, call.span));
    // Without a row there is no key to ask for: every name of one stands for null.
    input.open = input.open || !asked || asked->empty();
    keys = asked.value_or(std::map<std::string, Type>{});
  }
  auto raws = node_over(Node::Kind::kProject, input.plan);
  auto node = node_over(Node::Kind::kProject, raws);
  const auto opened = [&](const std::string& key, Type type) {
    const Column raw = binder.define(
        *raws, "$raw",
        dynamic_value(kql::call("JSONExtractRaw", {source.value.sql, param_text(key)})));
    return cast_element(raw.value.sql, type);
  };
  std::erase_if(input.columns, [&](const Column& column) {
    return arguments.bag->kind == Expr::Kind::kName && column.name == arguments.bag->text;
  });
  std::vector<Column> made;
  if (keeps_all) {
    made = input.columns;
  }
  const auto add = [&](const std::string& name, const std::string& key, Type type,
                       Span span) -> Result<void> {
    const Column* present = input.find(name);
    if (present != nullptr && !present->hidden) {
      if (promised || arguments.conflict == "keep_source") {
        if (!keeps_all && arguments.conflict != "replace_source") {
          Column kept = *present;
          kept.value = TRY(binder.converted(kept.value, type, span));
          made.push_back(binder.define(*node, name, kept.value));
          return {};
        }
        if (arguments.conflict != "replace_source") {
          return {};
        }
      } else if (arguments.conflict == "error") {
        Error error = error_at(span, ErrorCode::kInvalidInput,
                               "bag_unpack() makes the column " + name + ", which exists already");
        error.hint = "use columnsConflict='replace_source' or 'keep_source', or a prefix";
        return fail(std::move(error));
      }
      const auto place = std::find_if(made.begin(), made.end(),
                                      [&](const Column& column) { return column.name == name; });
      if (place != made.end()) {
        *place = binder.define(*node, name, opened(key, type));
        return {};
      }
    }
    made.push_back(binder.define(*node, name, opened(key, type)));
    return {};
  };
  if (promised) {
    for (const auto& column : op.columns) {
      if (column.name != "*") {
        const bool prefixed =
            !arguments.prefix.empty() && column.name.starts_with(arguments.prefix);
        TRY_VOID(add(column.name,
                     prefixed ? column.name.substr(arguments.prefix.size()) : column.name,
                     column.type, column.span));
      }
    }
  } else {
    for (const auto& [key, type] : keys) {
      if (!arguments.ignored.contains(key)) {
        TRY_VOID(add(arguments.prefix + key, key, type, call.span));
      }
    }
  }
  input.columns = std::move(made);
  input.plan = std::move(node);
  input.serialized = false;
  input.order.clear();
  return input;
}

}  // namespace spoor::kql
