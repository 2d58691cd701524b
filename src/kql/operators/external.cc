// externaldata: a table read from texts that the caller hands in. The compiler fetches nothing.

#include <algorithm>

#include "base/text.h"
#include "base/ticks.h"
#include "json/reader.h"
#include "kql/operators/operators.h"
#include "kql/syntax/parser.h"

namespace spoor::kql {
namespace {

constexpr std::size_t kMostRows = 200'000;
constexpr std::size_t kMostBytes = 16u << 20;

using Record = std::vector<std::string>;

/// Records of separated values (RFC 4180): quoted fields, doubled quotes, CRLF or LF.
std::vector<Record> separated(std::string_view text, char separator) {
  std::vector<Record> records;
  Record record;
  std::string field;
  bool quoted = false;
  bool any = false;
  const auto end_field = [&]() { record.push_back(std::exchange(field, {})); };
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    any = true;
    if (quoted) {
      if (c == '"' && at + 1 < text.size() && text[at + 1] == '"') {
        field += '"';
        ++at;
      } else if (c == '"') {
        quoted = false;
      } else {
        field += c;
      }
    } else if (c == '"' && field.empty()) {
      quoted = true;
    } else if (c == separator) {
      end_field();
    } else if (c == '\n') {
      if (!field.empty() && field.back() == '\r') {
        field.pop_back();
      }
      if (!record.empty() || !field.empty()) {
        end_field();
        records.push_back(std::exchange(record, {}));
      }
      any = false;
    } else {
      field += c;
    }
  }
  if (any) {
    end_field();
    records.push_back(std::move(record));
  }
  return records;
}

std::vector<Record> lines(std::string_view text) {
  std::vector<Record> records;
  for (auto line : split(text, '\n')) {
    if (line.ends_with('\r')) {
      line.remove_suffix(1);
    }
    if (!line.empty()) {
      records.push_back({std::string(line)});
    }
  }
  return records;
}

/// A text of the file as a value of the column; null where it is none.
Constant read_field(const std::string& text, Type type) {
  switch (type) {
    case Type::kString:
      return text;
    case Type::kDynamic: {
      if (text.empty()) {
        return {};
      }
      const auto json = json::parse(text);
      return json ? json->dump() : json::Dynamic(text).dump();
    }
    case Type::kBool:
      if (equals_ignoring_case(text, "true") || text == "1") {
        return true;
      }
      return equals_ignoring_case(text, "false") || text == "0" ? Constant(false) : Constant();
    case Type::kInt:
    case Type::kLong: {
      const auto number = parse_int(text);
      return number ? Constant(*number) : Constant();
    }
    case Type::kReal:
    case Type::kDecimal: {
      const auto json = json::parse(text);
      return json && json->is_number() ? Constant(json->number_or(0)) : Constant();
    }
    case Type::kDateTime: {
      const auto ticks = parse_datetime(text);
      return ticks ? Constant(*ticks) : Constant();
    }
    case Type::kTimespan: {
      const auto ticks = parse_timespan(text);
      return ticks ? Constant(*ticks) : Constant();
    }
    case Type::kGuid:
      return text.empty() ? Constant() : Constant(to_ascii_lower(text));
  }
  return {};
}

Constant read_member(const json::Dynamic& value, Type type) {
  if (value.is_null()) {
    return type == Type::kString ? Constant(std::string()) : Constant();
  }
  if (type == Type::kDynamic) {
    return value.dump();
  }
  return read_field(value.as_string() != nullptr ? *value.as_string() : value.dump(), type);
}

void append_objects(const json::Dynamic& value, const std::vector<ColumnDecl>& columns,
                    std::vector<std::vector<Constant>>& rows) {
  if (const auto* list = value.as_array()) {
    for (const auto& each : *list) {
      append_objects(each, columns, rows);
    }
    return;
  }
  std::vector<Constant> row;
  row.reserve(columns.size());
  for (const auto& column : columns) {
    row.push_back(read_member(value[column.name], column.type));
  }
  rows.push_back(std::move(row));
}

std::string option_of(const Operator& op, std::string_view wanted) {
  for (const auto& [key, value] : op.options) {
    if (equals_ignoring_case(key, wanted)) {
      if (const auto* text = std::get_if<std::string>(&value->constant)) {
        return to_ascii_lower(*text);
      }
      if (const auto* flag = std::get_if<bool>(&value->constant)) {
        return *flag ? "true" : "false";
      }
      return to_ascii_lower(value->text);
    }
  }
  return {};
}

std::string format_of(const Operator& op, std::string_view address) {
  if (auto given = option_of(op, "format"); !given.empty()) {
    return given;
  }
  auto path = address.substr(0, address.find_first_of(";?#"));
  path = path.substr(path.rfind('/') + 1);
  const auto dot = path.rfind('.');
  const std::string ending =
      dot == std::string_view::npos ? "" : to_ascii_lower(path.substr(dot + 1));
  for (const std::string_view known : {"tsv", "psv", "txt", "raw", "json"}) {
    if (ending == known) {
      return ending;
    }
  }
  return "csv";
}

Result<void> append_rows(const Operator& op, const Expr& place, std::string_view address,
                         std::string_view text, std::vector<std::vector<Constant>>& rows) {
  const std::string format = format_of(op, address);
  if (format == "json" || format == "multijson") {
    const auto whole = json::parse(text);
    if (whole) {
      append_objects(*whole, op.columns, rows);
      return {};
    }
    for (const auto& line : lines(text)) {
      const auto one = json::parse(line[0]);
      if (!one) {
        return fail(error_at(place.span, ErrorCode::kInvalidInput,
                             "the external data is no JSON: " + one.error().message));
      }
      append_objects(*one, op.columns, rows);
    }
    return {};
  }
  std::vector<Record> records;
  static constexpr std::pair<std::string_view, char> kSeparators[] = {
      {"csv", ','}, {"tsv", '\t'}, {"tsve", '\t'}, {"psv", '|'}, {"scsv", ';'}, {"sohsv", '\1'}};
  const auto* separator = std::find_if(std::begin(kSeparators), std::end(kSeparators),
                                       [&](const auto& each) { return each.first == format; });
  if (separator != std::end(kSeparators)) {
    records = separated(text, separator->second);
  } else if (format == "txt") {
    records = lines(text);
  } else if (format == "raw") {
    records.push_back({std::string(text)});
  } else {
    return fail(error_at(op.span, ErrorCode::kUnsupported,
                         "externaldata of the format " + format + " is not supported"));
  }
  const bool skip = option_of(op, "ignoreFirstRecord") == "true" && !records.empty();
  for (std::size_t i = skip ? 1 : 0; i < records.size(); ++i) {
    std::vector<Constant> row;
    row.reserve(op.columns.size());
    for (std::size_t at = 0; at < op.columns.size(); ++at) {
      row.push_back(
          read_field(at < records[i].size() ? records[i][at] : std::string(), op.columns[at].type));
    }
    rows.push_back(std::move(row));
  }
  return {};
}

}  // namespace

Result<void> Parser::external(Operator& op) {
  TRY_VOID(column_list(op));
  TRY_VOID(options(op));
  TRY_VOID(expect("["));
  while (!at("]")) {
    op.values.push_back(TRY(expression()));
    if (!accept(",")) {
      break;
    }
  }
  TRY_VOID(expect("]"));
  if (accept("with")) {
    TRY_VOID(expect("("));
    while (!at(")")) {
      const std::string key = TRY(name("a property"));
      TRY_VOID(expect("="));
      op.options[key] = TRY(primary());
      if (!accept(",")) {
        break;
      }
    }
    TRY_VOID(expect(")"));
  }
  return {};
}

Bound bind_external(Binder& binder, const Operator& op, const EnvPtr& env) {
  const ExternalText& read = binder.options().external;
  if (!read) {
    return fail(error_at(op.span, ErrorCode::kUnsupported,
                         "externaldata is not supported: the server fetches nothing from outside"));
  }
  if (op.columns.empty() || op.values.empty()) {
    return fail(error_at(op.span, ErrorCode::kInvalidInput,
                         "externaldata needs columns and at least one address"));
  }
  std::vector<std::vector<Constant>> rows;
  for (const auto& expr : op.values) {
    const Value address = TRY(binder.constant(*expr, env));
    if (address.text() == nullptr) {
      return fail(error_at(expr->span, ErrorCode::kInvalidInput, "an address is a text"));
    }
    auto text = read(*address.text());
    if (!text) {
      return fail(error_at(expr->span, text.error().code, text.error().message));
    }
    if (text->size() > kMostBytes) {
      return fail(
          error_at(expr->span, ErrorCode::kLimit, "the external data is larger than 16 MiB"));
    }
    TRY_VOID(append_rows(op, *expr, *address.text(), *text, rows));
    if (rows.size() > kMostRows) {
      return fail(
          error_at(expr->span, ErrorCode::kLimit, "the external data has more than 200,000 rows"));
    }
  }
  return constant_table(binder, op.columns, rows);
}

}  // namespace spoor::kql
