// Terms of a filter to conditions of KQL, with values bound (plans) or written out (for people).

#include "investigate/filter_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "base/text.h"
#include "investigate/filter.h"
#include "investigate/filter_fields.h"
#include "investigate/filter_values.h"
#include "investigate/plan_text.h"
#include "investigate/timeline.h"

namespace spoor::investigate {
namespace {

using kql::Type;

/// How values stand in the text: as names of arguments, or as literals.
class ValueWriter {
 public:
  virtual ~ValueWriter() = default;
  virtual std::string text(const std::string& value) = 0;
  virtual std::string number(std::int64_t value) = 0;
  virtual std::string real(double value) = 0;
  virtual std::string time(Ticks value) = 0;
  virtual std::string boolean(bool value) = 0;
  /// What stands between the brackets of `in ()`.
  virtual std::string texts(const std::vector<std::string>& values) = 0;
};

class BoundValues : public ValueWriter {
 public:
  explicit BoundValues(Arguments& arguments) : arguments_(arguments) {}
  std::string text(const std::string& value) override { return arguments_.text(value); }
  std::string number(std::int64_t value) override { return arguments_.number(value); }
  std::string real(double value) override { return arguments_.real(value); }
  std::string time(Ticks value) override { return arguments_.time(value); }
  std::string boolean(bool value) override { return arguments_.boolean(value); }
  std::string texts(const std::vector<std::string>& values) override {
    return arguments_.texts(values);
  }

 private:
  Arguments& arguments_;
};

class LiteralValues : public ValueWriter {
 public:
  std::string text(const std::string& value) override { return quoted(value); }
  std::string number(std::int64_t value) override { return fmt::format("{}", value); }
  std::string real(double value) override { return fmt::format("real({})", value); }
  std::string time(Ticks value) override {
    return fmt::format("datetime({})", format_ticks(value));
  }
  std::string boolean(bool value) override { return value ? "true" : "false"; }
  std::string texts(const std::vector<std::string>& values) override {
    std::vector<std::string> each;
    for (const std::string& value : values) {
      each.push_back(quoted(value));
    }
    return fmt::format("{}", fmt::join(each, ", "));
  }

  /// A literal of KQL; every byte that could end it or be read as an escape is escaped.
  static std::string quoted(std::string_view value) {
    std::string out = "\"";
    for (const char letter : value) {
      switch (letter) {
        case '"':
        case '\\':
          out += '\\';
          out += letter;
          break;
        case '\n':
          out += "\\n";
          break;
        case '\r':
          out += "\\r";
          break;
        case '\t':
          out += "\\t";
          break;
        default:
          if (static_cast<unsigned char>(letter) < 0x20) {
            out += fmt::format("\\u{:04x}", letter);
          } else {
            out += letter;
          }
      }
    }
    return out + '"';
  }
};

/// A pattern with '*' as a part of a regular expression.
std::string pattern_body(std::string_view pattern) {
  constexpr std::string_view kSpecial = "\\.+?()[]{}^$|";
  std::string out;
  for (const char letter : pattern) {
    if (letter == '*') {
      out += ".*";
      continue;
    }
    if (kSpecial.find(letter) != std::string_view::npos) {
      out += '\\';
    }
    out += letter;
  }
  return out;
}

std::string any_of(const std::vector<std::string>& conditions) {
  return conditions.size() == 1 ? conditions.front()
                                : fmt::format("({})", fmt::join(conditions, " or "));
}

class ConditionWriter {
 public:
  ConditionWriter(const Filter& filter, ValueWriter& values,
                  const std::vector<std::string>& device_ids, Ticks from, Ticks to)
      : filter_(filter), values_(values) {
    if (filter.subject == FilterSubject::kTimeline) {
      device_ = device_ids.size() == 1 ? "DeviceId == " + values.text(device_ids.front())
                                       : "DeviceId in (" + values.texts(device_ids) + ")";
      range_ = device_;
      if (from != kYearOne) {
        range_ += " and Timestamp >= " + values.time(from);
      }
      if (to != kMaxTicks) {
        range_ += " and Timestamp <= " + values.time(to);
      }
    }
  }

  bool is_wide = false;

  /// The condition on the devices and the range alone.
  [[nodiscard]] const std::string& range() const { return range_; }

  /// The condition of a segment; empty for all rows.
  std::string segment(const TimelineSelection& selection) {
    switch (selection.segment) {
      case Segment::kAll:
        return "";
      case Segment::kAlertsAndTechniques:
        return fmt::format("({} or {})", feature(std::string(kHasTechnique)),
                           feature(std::string(kHasAlert)));
      case Segment::kFlagged:
        return marked("flag", (selection.flags.empty()
                                   ? ""
                                   : " and Value in (" + values_.texts(selection.flags) + ")") +
                                  (selection.flagged_by.empty()
                                       ? ""
                                       : " and SetBy =~ " + values_.text(selection.flagged_by)));
    }
    return "";
  }

  std::vector<std::string> conditions() {
    std::vector<std::string> made;
    for (const FilterTerm& term : filter_.terms) {
      made.push_back(condition(term));
    }
    return made;
  }

 private:
  std::string condition(const FilterTerm& term) {
    const std::string plain = [&] {
      switch (term.kind) {
        case FilterTerm::Kind::kWord:
          return filter_.subject == FilterSubject::kDevices ? device_word(term) : word(term);
        case FilterTerm::Kind::kValue:
        case FilterTerm::Kind::kCompare:
          return field(term);
        case FilterTerm::Kind::kHas:
          return feature(term.values.front());
        case FilterTerm::Kind::kTrail:
          return trail(term.values.front());
      }
      return std::string("true");
    }();
    return term.negated ? fmt::format("not({})", plain) : plain;
  }

  /// Rows whose event has a row of `table` for which the condition holds.
  std::string events_of(std::string_view legs) {
    is_wide = true;
    return fmt::format("EventId in ({})", legs);
  }
  std::string leg(std::string_view table, std::string_view test, bool in_range = true) {
    return fmt::format("{} | where {} and {} | project EventId", table, in_range ? range_ : device_,
                       test);
  }
  static std::string united(const std::vector<std::string>& legs) {
    if (legs.size() == 1) {
      return legs.front();
    }
    std::string out = "union ";
    for (const std::string& each : legs) {
      out += fmt::format("{}({})", &each == &legs.front() ? "" : ",\n    ", each);
    }
    return out;
  }

  // ---- fields

  std::string field(const FilterTerm& term) {
    const Field& field = *find_field(filter_.subject, term.field);
    if (!field.shown.is_wide) {
      return test(term, field, field.shown.type, std::string(field.shown.name));
    }
    std::vector<std::string> legs;
    for (const Field::Owner& owner : field.owners) {
      legs.push_back(leg(owner.table->name,
                         test(term, field, owner.column->type, std::string(field.shown.name))));
    }
    return events_of(united(legs));
  }

  /// The condition of a term on one column; never null, so that it can be negated.
  std::string test(const FilterTerm& term, const Field& field, Type type,
                   const std::string& column) {
    if (term.kind == FilterTerm::Kind::kCompare) {
      return comparison(term, type, column);
    }
    if (type != Type::kString && type != Type::kDynamic) {
      std::vector<std::string> each;
      for (std::size_t i = 0; i < term.values.size(); ++i) {
        each.push_back(number_test(type, column, term.values[i], term.patterns[i]));
      }
      return any_of(each);
    }
    const std::string text = type == Type::kDynamic ? "tostring(" + column + ")" : column;
    const bool is_long = field.is_long_text || type == Type::kDynamic;
    std::vector<std::string> each;
    std::vector<std::string> equal;
    for (std::size_t i = 0; i < term.values.size(); ++i) {
      const std::string& value = term.values[i];
      if (term.patterns[i]) {
        each.push_back(pattern_test(text, value));
      } else if (const auto network = field.is_address ? parse_network(value) : std::nullopt) {
        each.push_back(fmt::format("coalesce({}({}, {}), false)",
                                   network->is_v6 ? "ipv6_is_in_range" : "ipv4_is_in_range", text,
                                   values_.text(network->text)));
      } else if (is_long && !value.empty()) {
        each.push_back(fmt::format("{} has {}", text, values_.text(value)));
      } else {
        equal.push_back(value);
      }
    }
    if (equal.size() == 1) {
      each.push_back(fmt::format("{} =~ {}", text, values_.text(equal.front())));
    } else if (!equal.empty()) {
      each.push_back(fmt::format("{} in~ ({})", text, values_.texts(equal)));
    }
    return any_of(each);
  }

  std::string pattern_test(const std::string& text, const std::string& pattern) {
    const std::string_view inner = std::string_view(pattern).substr(
        pattern.starts_with('*') ? 1 : 0,
        pattern.size() - (pattern.starts_with('*') ? 1 : 0) -
            (pattern.size() > 1 && pattern.ends_with('*') ? 1 : 0));
    const bool is_simple = inner.find('*') == std::string_view::npos;
    if (is_simple && inner.empty()) {
      return fmt::format("isnotempty({})", text);
    }
    if (is_simple) {
      const char* op = !pattern.ends_with('*')     ? "endswith"
                       : !pattern.starts_with('*') ? "startswith"
                                                   : "contains";
      return fmt::format("{} {} {}", text, op, values_.text(std::string(inner)));
    }
    return fmt::format("{} matches regex {}", text,
                       values_.text("(?is)^" + pattern_body(pattern) + "$"));
  }

  std::string number_test(Type type, const std::string& column, const std::string& value,
                          bool is_any) {
    if (is_any || value.empty()) {
      return fmt::format("{}({})", is_any ? "isnotnull" : "isnull", column);
    }
    if (type == Type::kDateTime) {
      const auto [first, last] = *parse_time_value(value);
      return fmt::format("coalesce({0} >= {1} and {0} <= {2}, false)", column, values_.time(first),
                         values_.time(last));
    }
    return fmt::format("coalesce({} == {}, false)", column, scalar(type, value));
  }

  std::string scalar(Type type, const std::string& value) {
    switch (type) {
      case Type::kBool:
        return values_.boolean(*parse_bool(value));
      case Type::kReal:
        return values_.real(*parse_real(value));
      default:
        return values_.number(*parse_int(value));
    }
  }

  std::string comparison(const FilterTerm& term, Type type, const std::string& column) {
    const std::string& value = term.values.front();
    if (type == Type::kDateTime) {
      // A day is as long as it is: after it means after its end.
      const auto [first, last] = *parse_time_value(value);
      const bool is_end = term.op == ">" || term.op == "<=";
      return fmt::format("coalesce({} {} {}, false)", column, term.op,
                         values_.time(is_end ? last : first));
    }
    if (type == Type::kString || type == Type::kDynamic) {
      return "false";  // another table has a column of this name that is a number
    }
    return fmt::format("coalesce({} {} {}, false)", column, term.op, scalar(type, value));
  }

  // ---- words

  std::string word_test(const std::string& text, const FilterTerm& term) {
    const std::string& value = term.values.front();
    if (!term.patterns.front()) {
      return fmt::format("{} has {}", text, word_value_);
    }
    const std::size_t star = value.find('*');
    if (star == value.size() - 1) {
      return fmt::format("{} hasprefix {}", text, word_value_);
    }
    if (star == 0 && value.find('*', 1) == std::string::npos) {
      return fmt::format("{} hassuffix {}", text, word_value_);
    }
    return fmt::format("{} matches regex {}", text, word_value_);
  }

  void bind_word(const FilterTerm& term) {
    const std::string& value = term.values.front();
    const std::size_t star = value.find('*');
    if (!term.patterns.front()) {
      word_value_ = values_.text(value);
    } else if (star == value.size() - 1) {
      word_value_ = values_.text(value.substr(0, star));
    } else if (star == 0 && value.find('*', 1) == std::string::npos) {
      word_value_ = values_.text(value.substr(1));
    } else {
      word_value_ = values_.text("(?is)" + pattern_body(value));
      letters_.clear();
      return;
    }
    letters_ = word_value_;
  }

  /// A word in any of the texts. The engine makes a regular expression ready for each call of
  /// match(), which costs more than a small table: one call serves all texts, and rows that do not
  /// hold the letters at all are left out before it.
  std::string word_in(const std::vector<std::string>& texts, const FilterTerm& term) {
    const std::string together =
        word_test(fmt::format("strcat_delim(\"\\n\", {})", fmt::join(texts, ", ")), term);
    if (letters_.empty()) {
      return together;
    }
    std::vector<std::string> each;
    for (const std::string& text : texts) {
      each.push_back(fmt::format("{} contains {}", text, letters_));
    }
    return fmt::format("({} and {})", any_of(each), together);
  }

  std::string word(const FilterTerm& term) {
    bind_word(term);
    const bool is_plain = !term.patterns.front();
    const auto number = is_plain ? parse_int(term.values.front()) : std::nullopt;
    const std::string number_value = number ? values_.number(*number) : "";
    std::vector<std::string> legs;
    for (const schema::Table* table : hunting_tables()) {
      std::vector<std::string> texts;
      std::vector<std::string> tests;
      for (const schema::Column& column : table->columns) {
        const std::string name(column.name);
        if (is_searched(column)) {
          texts.push_back(column.type == Type::kDynamic ? "tostring(" + name + ")" : name);
        } else if (column.storage == schema::Storage::kHex && is_plain &&
                   term.values.front().size() == std::size_t{2} * column.hex_bytes) {
          tests.push_back(fmt::format("{} =~ {}", name, word_value_));
        } else if (number && !column.hidden &&
                   (column.type == Type::kInt || column.type == Type::kLong)) {
          tests.push_back(fmt::format("coalesce({} == {}, false)", name, number_value));
        }
      }
      tests.push_back(word_in(texts, term));
      legs.push_back(leg(table->name, any_of(tests)));
    }
    // Events without a row in a hunting table have their words in the original record alone.
    legs.push_back(leg(
        "DeviceSourceRecords",
        fmt::format("EventId in (DeviceTimeline | where {} and isempty(Table) | project EventId) "
                    "and {}",
                    range_, word_in({"tostring(Data)"}, term))));
    return any_of({word_in({"Title", "Detail", "Actor", "Account", "ActionType", "Source",
                            "tostring(Techniques)"},
                           term),
                   events_of(united(legs))});
  }

  std::string device_word(const FilterTerm& term) {
    std::vector<std::string> tests;
    const std::string& value = term.values.front();
    const std::string bound = term.patterns.front() ? "" : values_.text(value);
    for (const char* column : {"DeviceName", "DeviceId", "Domain", "OSPlatform", "OSVersion",
                               "Addresses", "Tags", "MachineGroup", "Health"}) {
      tests.push_back(term.patterns.front() ? pattern_test(column, value)
                                            : fmt::format("{} contains {}", column, bound));
    }
    return any_of(tests);
  }

  // ---- features and trails

  std::string feature(const std::string& name) {
    if (name == kHasTechnique) {
      return fmt::format("(array_length(Techniques) > 0 or {})",
                         events_of(leg("DeviceTechniqueEvents", "true")));
    }
    if (name == kHasAlert) {
      return events_of(leg("AlertEvidence", "true", false));
    }
    if (name == kHasProcess) {
      return "ProcessKey != 0";
    }
    return marked(name, "");
  }

  /// Events with a mark that was not taken away and of which the rest holds too.
  std::string marked(const std::string& kind, const std::string& rest) {
    return events_of(
        fmt::format("DeviceMarks | where {} and Kind == \"{}\" | summarize "
                    "arg_max(SetTime, Value, Removed, SetBy) by EventId | where not(Removed){} | "
                    "project EventId",
                    device_, kind, rest));
  }

  std::string trail(const std::string& written) {
    const std::string key = values_.number(*parse_int(written));
    // Its ancestors: those of a process that acted, and of its start the parent too.
    const std::string acts = fmt::format(
        "DeviceTimeline | where {} and InitiatingProcessKey == {} and array_length(Ancestors) > 0 "
        "| sort by Timestamp asc | take 1",
        device_, key);
    const std::string starts = fmt::format(
        "DeviceTimeline | where {} and ProcessKey == {} and ActionType == \"ProcessCreated\" and "
        "InitiatingProcessKey != 0 | sort by Timestamp asc | take 1",
        device_, key);
    constexpr std::string_view kExpand =
        " | mv-expand Key = Ancestors to typeof(long) | where Key != 0 | project Key";
    const std::string ancestors =
        united({acts + std::string(kExpand), starts + std::string(kExpand),
                starts + " | project Key = InitiatingProcessKey"});
    is_wide = true;
    return fmt::format(
        "(ProcessKey == {0} or InitiatingProcessKey == {0} or set_has_element(Ancestors, {0}) or "
        "ProcessKey in ({1}) or InitiatingProcessKey in ({1}))",
        key, ancestors);
  }

  const Filter& filter_;
  ValueWriter& values_;
  std::string device_;
  std::string range_;
  std::string word_value_;  ///< name or literal of the word's value
  std::string letters_;     ///< the same where the text must hold it as it stands; else empty
};

}  // namespace

std::vector<std::string> term_conditions(const Filter& filter, Arguments& arguments,
                                         const std::vector<std::string>& device_ids, Ticks from,
                                         Ticks to, bool& is_wide) {
  if (filter.terms.empty()) {
    return {};
  }
  BoundValues values(arguments);
  ConditionWriter writer(filter, values, device_ids, from, to);
  std::vector<std::string> conditions = writer.conditions();
  is_wide = is_wide || writer.is_wide;
  return conditions;
}

FilterPlan plan_filter(const Filter& filter, std::string_view prefix,
                       const std::vector<std::string>& device_ids, Ticks from, Ticks to) {
  Arguments arguments(prefix);
  FilterPlan plan;
  const std::vector<std::string> conditions =
      term_conditions(filter, arguments, device_ids, from, to, plan.is_wide);
  plan.condition = conditions.empty() ? "true" : fmt::format("{}", fmt::join(conditions, " and "));
  plan.arguments = arguments.take();
  return plan;
}

std::vector<std::string> device_term_texts(const Filter& filter) {
  LiteralValues values;
  return ConditionWriter(filter, values, {}, kYearOne, kMaxTicks).conditions();
}

std::string timeline_query_text(const TimelineSelection& selection, bool newest_first) {
  LiteralValues values;
  Filter filter = selection.filter;
  const auto add = [&](std::string_view field, const std::vector<std::string>& any, bool negated) {
    if (!any.empty()) {
      FilterTerm term{.kind = FilterTerm::Kind::kValue, .negated = negated};
      term.field = field;
      term.values = any;
      term.patterns.assign(any.size(), false);
      filter.terms.push_back(std::move(term));
    }
  };
  add("Group", selection.groups, false);
  add("Group", selection.without_groups, true);
  add("ActionType", selection.action_types, false);
  ConditionWriter writer(filter, values, selection.device.ids, selection.from, selection.to);
  std::string text = "DeviceTimeline\n| where " + writer.range() + "\n";
  for (const std::string& condition : writer.conditions()) {
    text += "| where " + condition + "\n";
  }
  if (const std::string segment = writer.segment(selection); !segment.empty()) {
    text += "| where " + segment + "\n";
  }
  const std::string_view order = newest_first ? "desc" : "asc";
  return text + fmt::format("| sort by Timestamp {0}, EventId {0}\n", order);
}

}  // namespace spoor::investigate
