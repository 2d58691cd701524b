// Plan to SELECTs: neighbours are merged where the order of SQL's clauses allows it.

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <utility>

#include "kql/plan/inline.h"
#include "kql/plan/plan.h"
#include "kql/plan/prune.h"
#include "kql/plan/push.h"

namespace spoor::kql {
namespace {

using Ids = std::set<ColumnId>;

struct Select;
using SelectPtr = std::unique_ptr<Select>;

struct Select {
  enum class From : std::uint8_t { kNothing, kTable, kSub, kJoin, kUnion, kShared };
  From from = From::kNothing;
  std::string table;  ///< stored table, or the kind of join
  std::int64_t number = 0;
  SelectPtr sub;
  SelectPtr right;
  std::vector<std::pair<Sql, Sql>> on;
  std::vector<SelectPtr> legs;
  std::vector<Definition> arrays;
  std::vector<Definition> columns;  ///< computed here, `sql AS cN`
  Ids computed;                     ///< those of `columns` that are more than a stored column
  std::vector<Sql> where;
  bool grouped = false;
  bool each_key = false;  ///< a group for each key alone
  bool windowed = false;
  std::vector<Sql> group;
  std::vector<SortKey> order;
  std::int64_t limit = -1;
  std::int64_t limit_by = -1;
  std::vector<Sql> by;
  Ids wanted;  ///< columns the outer SELECT reads

  [[nodiscard]] bool closed() const { return limit >= 0 || limit_by >= 0 || grouped || windowed; }
};

class Selects {
 public:
  std::set<std::size_t> used_shared;  ///< statements of materialize() that were read

  Result<SelectPtr> build(const NodePtr& plan, const Ids& wanted) {
    const Node& node = *plan;
    if (++depth_ > 600) {
      return fail(ErrorCode::kLimit, "the plan of the query is too deep");
    }
    auto made = build_node(node, wanted);
    --depth_;
    if (made) {
      (*made)->wanted = wanted;
    }
    return made;
  }

 private:
  static void read(const Sql& sql, Ids& into) {
    visit_columns(sql, [&](std::int64_t id) { into.insert(id); });
  }

  static SelectPtr wrap(SelectPtr inner) {
    auto outer = std::make_unique<Select>();
    outer->from = Select::From::kSub;
    outer->sub = std::move(inner);
    return outer;
  }

  Result<SelectPtr> build_node(const Node& node, const Ids& wanted) {
    const auto is_wanted = [&](const Definition& each) { return wanted.contains(each.id); };
    switch (node.kind) {
      case Node::Kind::kOne:
        return std::make_unique<Select>();
      case Node::Kind::kScan: {
        auto made = std::make_unique<Select>();
        made->from = Select::From::kTable;
        made->table = node.text;
        std::ranges::copy_if(node.definitions, std::back_inserter(made->columns), is_wanted);
        return made;
      }
      case Node::Kind::kShared: {
        auto made = std::make_unique<Select>();
        made->from = Select::From::kShared;
        made->number = node.number;
        used_shared.insert(static_cast<std::size_t>(node.number));
        std::ranges::copy_if(node.definitions, std::back_inserter(made->columns), is_wanted);
        return made;
      }
      case Node::Kind::kValues: {
        auto inner = std::make_unique<Select>();
        auto made = std::make_unique<Select>();
        made->from = Select::From::kSub;
        bool first = true;
        for (const auto& each : node.definitions) {
          if (first || wanted.contains(each.id)) {
            made->arrays.push_back(each);
          }
          first = false;
        }
        made->sub = std::move(inner);
        return made;
      }
      case Node::Kind::kFilter:
        return filter(node, wanted);
      case Node::Kind::kProject:
      case Node::Kind::kWindow:
        return project(node, wanted);
      case Node::Kind::kAggregate:
        return aggregate(node, wanted);
      case Node::Kind::kSort: {
        Ids needed = wanted;
        for (const auto& key : node.sort) {
          read(key.sql, needed);
        }
        SelectPtr made = TRY(build(node.inputs[0], needed));
        if (made->closed() || made->from == Select::From::kJoin) {
          made = wrap(std::move(made));
        }
        made->order = node.sort;
        return made;
      }
      case Node::Kind::kLimit: {
        SelectPtr made = TRY(build(node.inputs[0], wanted));
        made->limit = made->limit < 0 ? node.number : std::min(made->limit, node.number);
        return made;
      }
      case Node::Kind::kLimitBy: {
        Ids needed = wanted;
        for (const auto& key : node.sort) {
          read(key.sql, needed);
        }
        for (const auto& key : node.keys) {
          read(key.sql, needed);
        }
        SelectPtr made = TRY(build(node.inputs[0], needed));
        if (made->closed() || !made->order.empty() || made->from == Select::From::kJoin) {
          made = wrap(std::move(made));
        }
        made->order = node.sort;
        made->limit_by = node.number;
        for (const auto& key : node.keys) {
          made->by.push_back(key.sql);
        }
        return made;
      }
      case Node::Kind::kEmpty: {
        SelectPtr made = TRY(build(node.inputs[0], wanted));
        if (made->closed()) {
          made = wrap(std::move(made));
        }
        made->where.push_back(boolean(false));
        return made;
      }
      case Node::Kind::kUnion:
        return union_(node, wanted);
      case Node::Kind::kJoin:
        return join(node, wanted);
      case Node::Kind::kExpand: {
        Ids needed = wanted;
        for (const auto& each : node.definitions) {
          needed.erase(each.id);
        }
        for (const auto& each : node.definitions) {
          read(each.sql, needed);
        }
        SelectPtr made = wrap(TRY(build(node.inputs[0], needed)));
        made->arrays = node.definitions;
        for (const auto& each : node.definitions) {
          made->computed.insert(each.id);
        }
        return made;
      }
    }
    return fail(ErrorCode::kInternal, "unknown kind of plan node");
  }

  Result<SelectPtr> filter(const Node& node, const Ids& wanted) {
    Ids needed = wanted;
    for (const auto& each : node.predicates) {
      read(each, needed);
    }
    SelectPtr made = TRY(build(node.inputs[0], needed));
    if (made->closed()) {
      made = wrap(std::move(made));
    }
    for (const auto& each : node.predicates) {
      made->where.push_back(each);
    }
    return made;
  }

  Result<SelectPtr> project(const Node& node, const Ids& wanted) {
    std::vector<Definition> used;
    Ids needed = wanted;
    for (const auto& each : node.definitions) {
      if (wanted.contains(each.id)) {
        used.push_back(each);
      }
      needed.erase(each.id);
    }
    Ids reads;
    for (const auto& each : used) {
      read(each.sql, reads);
    }
    const Ids passed_on = needed;
    needed.insert(reads.begin(), reads.end());
    SelectPtr made = TRY(build(without_unread_parts(node.inputs[0], used, passed_on), needed));
    if (used.empty()) {
      return made;
    }
    const bool chained = std::any_of(reads.begin(), reads.end(),
                                     [&](ColumnId id) { return made->computed.contains(id); });
    const bool window = node.kind == Node::Kind::kWindow;
    if (made->grouped || made->windowed || made->limit_by >= 0 || chained || window) {
      made = wrap(std::move(made));
    }
    for (auto& each : used) {
      made->computed.insert(each.id);
      made->columns.push_back(std::move(each));
    }
    made->windowed = window;
    return made;
  }

  Result<SelectPtr> aggregate(const Node& node, const Ids& wanted) {
    Ids needed;
    std::vector<Definition> used;
    for (const auto& each : node.keys) {
      read(each.sql, needed);
      if (wanted.contains(each.id)) {
        used.push_back(each);
      }
    }
    for (const auto& each : node.definitions) {
      if (wanted.contains(each.id)) {
        read(each.sql, needed);
        used.push_back(each);
      }
    }
    SelectPtr made = wrap(TRY(build(node.inputs[0], needed)));
    made->grouped = true;
    made->each_key = node.each_key;
    for (const auto& each : node.keys) {
      made->group.push_back(each.sql);
    }
    if (used.empty() && node.keys.empty()) {
      used.push_back({0, call("count", {})});
    }
    for (const auto& each : used) {
      made->computed.insert(each.id);
    }
    made->columns = std::move(used);
    return made;
  }

  Result<SelectPtr> union_(const Node& node, const Ids& wanted) {
    auto made = std::make_unique<Select>();
    made->from = Select::From::kUnion;
    for (const auto& leg : node.legs) {
      Node project;
      project.kind = Node::Kind::kProject;
      project.inputs = {leg.input};
      project.definitions = leg.columns;
      made->legs.push_back(TRY(build(std::make_shared<const Node>(std::move(project)), wanted)));
    }
    return made;
  }

  Result<SelectPtr> join(const Node& node, const Ids& wanted) {
    Ids all = wanted;
    Ids left = reachable(node.inputs[0]);
    Ids right = reachable(node.inputs[1]);
    Ids left_wanted;
    Ids right_wanted;
    bool is_right_read = false;
    for (const auto& [a, b] : node.on) {
      read(a, left_wanted);
      read(b, right_wanted);
    }
    for (const auto id : all) {
      if (left.contains(id)) {
        left_wanted.insert(id);
      } else if (right.contains(id)) {
        right_wanted.insert(id);
        is_right_read = true;
      }
    }
    if (!is_right_read && node.text == "LEFT" && has_one_row_each(node.inputs[1], node.on)) {
      return build(node.inputs[0], wanted);
    }
    auto made = std::make_unique<Select>();
    made->from = Select::From::kJoin;
    made->table = node.text;
    made->on = node.on;
    made->sub = TRY(build(node.inputs[0], left_wanted));
    made->right = TRY(build(node.inputs[1], right_wanted));
    return made;
  }

  /// Every column a node can hand up.
  const Ids& reachable(const NodePtr& plan) {
    const auto known = reachable_.find(plan.get());
    if (known != reachable_.end()) {
      return known->second;
    }
    Ids ids;
    const Node& node = *plan;
    const bool opaque = node.kind == Node::Kind::kAggregate || node.opaque;
    if (!opaque) {
      for (const auto& input : node.inputs) {
        const Ids& below = reachable(input);
        ids.insert(below.begin(), below.end());
      }
    }
    for (const auto& each : node.definitions) {
      ids.insert(each.id);
    }
    for (const auto& each : node.keys) {
      ids.insert(each.id);
    }
    for (const auto& leg : node.legs) {
      for (const auto& each : leg.columns) {
        ids.insert(each.id);
      }
    }
    return reachable_[plan.get()] = std::move(ids);
  }

  std::map<const Node*, Ids> reachable_;
  int depth_ = 0;
};

class Writer {
 public:
  SqlPrinter printer;

  Result<void> select(const Select& query) {
    TRY_VOID(printer.append("SELECT "));
    bool first = true;
    const auto comma = [&]() -> Result<void> {
      const bool leading = std::exchange(first, false);
      return leading ? Result<void>{} : printer.append(", ");
    };
    Ids open = query.wanted;
    for (const auto& each : query.columns) {
      if (each.id != 0 && !query.wanted.contains(each.id)) {
        continue;
      }
      open.erase(each.id);
    }
    // Order by number, so that the legs of a union agree.
    std::map<ColumnId, Sql> items;
    for (const auto id : open) {
      items[id] = nullptr;
    }
    for (const auto& each : query.columns) {
      if (each.id == 0 || query.wanted.contains(each.id)) {
        items[each.id] = each.sql;
      }
    }
    // A column that is not in the list has its definition put in its place wherever it is read.
    std::map<ColumnId, Sql> hidden;
    for (const auto& each : query.columns) {
      if (!query.wanted.contains(each.id)) {
        hidden[each.id] = each.sql;
      }
    }
    for (const auto& [id, sql] : items) {
      TRY_VOID(comma());
      if (sql) {
        TRY_VOID(printer.print(inlined(sql, hidden)));
        TRY_VOID(printer.append(" AS "));
      }
      TRY_VOID(printer.append("c" + std::to_string(id)));
    }
    if (items.empty()) {
      TRY_VOID(printer.append("1 AS c0"));
    }
    return clauses(query, hidden);
  }

  /// The outermost SELECT: `outputs` as r1, r2, … computed in the statement's own SELECT where they
  /// can stand there.
  Result<void> outermost(const Select& query, const std::vector<Sql>& outputs) {
    std::map<ColumnId, Sql> definitions;
    const bool is_one = can_hold(query, outputs);
    if (is_one) {
      for (const auto& each : query.columns) {
        definitions[each.id] = each.sql;
      }
    }
    TRY_VOID(printer.append("SELECT "));
    std::size_t number = 0;
    for (const auto& each : outputs) {
      TRY_VOID(printer.append(number == 0 ? "" : ", "));
      TRY_VOID(printer.print(inlined(each, definitions)));
      TRY_VOID(printer.append(" AS r" + std::to_string(++number)));
    }
    if (outputs.empty()) {
      TRY_VOID(printer.append("1 AS r0"));
    }
    if (is_one) {
      return clauses(query, definitions);
    }
    TRY_VOID(printer.append(" FROM "));
    return nested(query);
  }

  Result<void> clauses(const Select& query, const std::map<ColumnId, Sql>& hidden) {
    TRY_VOID(from(query));
    const auto print = [&](const Sql& sql) { return printer.print(inlined(sql, hidden)); };
    if (!query.arrays.empty()) {
      TRY_VOID(printer.append(" ARRAY JOIN "));
      bool first = true;
      for (const auto& each : query.arrays) {
        TRY_VOID(printer.append(first ? "" : ", "));
        first = false;
        TRY_VOID(printer.print(each.sql));
        TRY_VOID(printer.append(" AS c" + std::to_string(each.id)));
      }
    }
    if (!query.where.empty()) {
      TRY_VOID(printer.append(" WHERE "));
      TRY_VOID(separated(query.where, " AND ", print));
    }
    if (!query.group.empty()) {
      const auto key = [&](const Sql& sql) { return printer.print(sql); };
      TRY_VOID(printer.append(query.each_key ? " GROUP BY GROUPING SETS ((" : " GROUP BY "));
      TRY_VOID(separated(query.group, query.each_key ? "), (" : ", ", key));
      TRY_VOID(printer.append(query.each_key ? "))" : ""));
    }
    if (!query.order.empty()) {
      TRY_VOID(printer.append(" ORDER BY "));
      bool first = true;
      for (const auto& key : query.order) {
        TRY_VOID(printer.append(first ? "" : ", "));
        first = false;
        TRY_VOID(print(key.sql));
        TRY_VOID(printer.append(key.descending ? " DESC" : " ASC"));
        if (key.say_nulls) {
          TRY_VOID(printer.append(key.nulls_first ? " NULLS FIRST" : " NULLS LAST"));
        }
      }
    }
    if (query.limit_by >= 0) {
      TRY_VOID(printer.append(" LIMIT " + std::to_string(query.limit_by) + " BY "));
      TRY_VOID(separated(query.by, ", ", print));
    }
    if (query.limit >= 0) {
      TRY_VOID(printer.append(" LIMIT " + std::to_string(query.limit)));
    }
    return {};
  }

 private:
  template <class Items, class Print>
  Result<void> separated(const Items& items, std::string_view separator, const Print& print) {
    bool first = true;
    for (const auto& each : items) {
      TRY_VOID(printer.append(first ? "" : separator));
      first = false;
      TRY_VOID(print(each));
    }
    return {};
  }

  /// Whether the outputs can be computed beside the columns of `query`: the one row of an aggregate
  /// over everything needs an aggregate among them.
  static bool can_hold(const Select& query, const std::vector<Sql>& outputs) {
    bool reads_any = false;
    for (const auto& each : outputs) {
      visit_columns(each,
                    [&](ColumnId id) { reads_any = reads_any || query.computed.contains(id); });
    }
    if (query.windowed || !std::ranges::all_of(outputs, is_pure) ||
        (query.grouped && query.group.empty() && !reads_any)) {
      return false;
    }
    std::vector<Sql> readers = outputs;
    readers.insert(readers.end(), query.where.begin(), query.where.end());
    readers.insert(readers.end(), query.by.begin(), query.by.end());
    std::ranges::transform(query.order, std::back_inserter(readers), &SortKey::sql);
    return can_inline(query.columns, readers);
  }

  static Sql inlined(const Sql& sql, const std::map<ColumnId, Sql>& by) {
    if (by.empty()) {
      return sql;
    }
    return replace_columns(sql, [&](std::int64_t id) {
      const auto found = by.find(id);
      return found == by.end() ? Sql() : inlined(found->second, by);
    });
  }

  Result<void> nested(const Select& query) {
    TRY_VOID(printer.append("("));
    TRY_VOID(select(query));
    return printer.append(")");
  }

  Result<void> from(const Select& query) {
    switch (query.from) {
      case Select::From::kNothing:
        return {};
      case Select::From::kTable:
        return printer.append(" FROM `" + query.table + "`");
      case Select::From::kShared:
        return printer.append(" FROM m" + std::to_string(query.number));
      case Select::From::kSub:
        if (query.sub->from == Select::From::kNothing && query.sub->columns.empty() &&
            query.sub->where.empty()) {
          return printer.append(" FROM (SELECT 1 AS c0)");
        }
        TRY_VOID(printer.append(" FROM "));
        return nested(*query.sub);
      case Select::From::kUnion: {
        TRY_VOID(printer.append(" FROM ("));
        TRY_VOID(separated(query.legs, " UNION ALL ",
                           [&](const SelectPtr& leg) { return select_closed(*leg); }));
        return printer.append(")");
      }
      case Select::From::kJoin: {
        TRY_VOID(printer.append(" FROM "));
        TRY_VOID(nested(*query.sub));
        TRY_VOID(printer.append(" AS l " + query.table + " JOIN "));
        TRY_VOID(nested(*query.right));
        TRY_VOID(printer.append(" AS r ON "));
        return separated(query.on, " AND ", [&](const auto& pair) -> Result<void> {
          TRY_VOID(printer.print(pair.first));
          TRY_VOID(printer.append(" = "));
          return printer.print(pair.second);
        });
      }
    }
    return {};
  }

  /// A leg of UNION ALL: ORDER BY and LIMIT need brackets of their own.
  Result<void> select_closed(const Select& query) {
    if (query.order.empty() && query.limit < 0 && query.limit_by < 0) {
      return select(query);
    }
    TRY_VOID(printer.append("SELECT * FROM "));
    return nested(query);
  }
};

}  // namespace

Result<Printed> print_plan(const NodePtr& plan, const std::vector<Sql>& outputs,
                           const std::vector<SharedPart>& shared,
                           const std::vector<std::pair<NodePtr, Sql>>& subqueries) {
  Selects selects;
  Writer writer;
  std::vector<std::string> printed_subqueries;
  writer.printer.subqueries = &printed_subqueries;
  const auto capture = [&](const NodePtr& node, const Ids& wanted) -> Result<std::string> {
    const SelectPtr query = TRY(selects.build(node, wanted));
    std::string kept;
    std::swap(kept, writer.printer.text());
    TRY_VOID(writer.select(*query));
    std::swap(kept, writer.printer.text());
    return kept;
  };
  FilterPush push;
  for (const auto& [node, value] : subqueries) {
    Ids wanted;
    visit_columns(value, [&](std::int64_t id) { wanted.insert(id); });
    printed_subqueries.push_back(TRY(capture(push.rewrite(node), wanted)));
  }
  Ids wanted;
  for (const auto& each : outputs) {
    visit_columns(each, [&](std::int64_t id) { wanted.insert(id); });
  }
  const SelectPtr query = TRY(selects.build(push.rewrite(plan), wanted));
  TRY_VOID(writer.outermost(*query, outputs));
  // Only what is read is computed; a part may read parts before it.
  std::string with;
  for (std::size_t i = shared.size(); i-- > 0;) {
    if (selects.used_shared.contains(i)) {
      const Ids columns(shared[i].columns.begin(), shared[i].columns.end());
      with = "m" + std::to_string(i) + " AS MATERIALIZED (" +
             TRY(capture(push.rewrite(shared[i].plan), columns)) + ")" +
             (with.empty() ? "" : ", " + with);
    }
  }
  std::string sql = (with.empty() ? "" : "WITH " + with + " ") + writer.printer.text();
  return Printed{std::move(sql), writer.printer.take_parameters()};
}

}  // namespace spoor::kql
