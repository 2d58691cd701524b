// parse-kv: columns from a text of pairs, as "a=1, b=2".

#include <algorithm>

#include "kql/emit/forms.h"
#include "kql/emit/regex.h"
#include "kql/operators/operators.h"
#include "kql/syntax/parser.h"

namespace spoor::kql {

Result<void> Parser::parse_kv(Operator& op) {
  op.exprs.push_back(TRY(expression()));
  TRY_VOID(expect("as"));
  TRY_VOID(column_list(op));
  if (!accept("with")) {
    return {};
  }
  TRY_VOID(expect("("));
  while (!at(")")) {
    const std::string key = TRY(name("a property"));
    TRY_VOID(expect("="));
    op.options[key] = TRY(primary());
    if (!accept(",")) {
      break;
    }
  }
  return expect(")");
}

namespace {

Result<std::string> text_option(Binder& binder, const Operator& op, std::string_view key,
                                std::string_view otherwise, const EnvPtr& env) {
  const Expr* option = op.option(key);
  if (option == nullptr) {
    return std::string(otherwise);
  }
  const Value value = TRY(binder.constant(*option, env));
  if (value.text() == nullptr || value.text()->empty()) {
    return fail(error_at(option->span, ErrorCode::kInvalidInput,
                         "parse-kv needs a text for " + std::string(key)));
  }
  return *value.text();
}

}  // namespace

Bound bind_parse_kv(Binder& binder, const Operator& op, Relation input, const EnvPtr& env) {
  for (const std::string_view refused : {"regex", "greedy"}) {
    if (const Expr* option = op.option(refused)) {
      const auto* flag = std::get_if<bool>(&option->constant);
      if (flag == nullptr || *flag) {
        return fail(error_at(option->span, ErrorCode::kUnsupported,
                             "parse-kv with " + std::string(refused) + " is not supported"));
      }
    }
  }
  const std::string pair = TRY(text_option(binder, op, "pair_delimiter", " ", env));
  const std::string between = TRY(text_option(binder, op, "kv_delimiter", "=", env));
  const std::string quote = TRY(text_option(binder, op, "quote", "", env));
  const std::string escape = TRY(text_option(binder, op, "escape", "", env));
  if (quote.size() > 2 || escape.size() > 1) {
    return fail(error_at(op.span, ErrorCode::kUnsupported,
                         "parse-kv takes one or two letters as quote and one as escape"));
  }
  Scope scope{.row = &input, .env = env};
  Value source = TRY(binder.scalar(*op.exprs[0], scope));
  if (source.type != Type::kString) {
    source = string_value(text_of(source));
  }
  // Pairs one behind the other, so that a delimiter inside quotes is no delimiter.
  std::string value = "()(.*?)";
  if (!quote.empty()) {
    const std::string open = escape_regex(quote.substr(0, 1));
    const std::string close = escape_regex(quote.substr(quote.size() - 1));
    const std::string mark = escape_regex(escape);
    const std::string inside =
        escape.empty() ? "[^" + close + "]*" : "(?:" + mark + ".|[^" + mark + close + "])*";
    value = "(?:" + open + "(" + inside + ")" + close + "|(.*?))";
  }
  const std::string pattern =
      "(?s)(.*?)" + escape_regex(between) + "\\s*" + value + "\\s*(?:" + escape_regex(pair) + "|$)";
  auto before = node_over(Node::Kind::kProject, input.plan);
  const ColumnId pairs = binder.fresh();
  before->definitions.push_back(
      {pairs,
       call("arrayMap",
            {lambda([&](const Sql& each) {
               // What stands before the key, without a value, is no part of it.
               const Sql key =
                   call("trimBoth",
                        {element(call("splitByString", {param_text(pair), element(each, int64(1))}),
                                 int64(-1))});
               return tuple({key, element(each, int64(2)), element(each, int64(3))});
             }),
             call("extractAllGroupsVertical", {source.sql, param_text(pattern)})})});
  auto found = node_over(Node::Kind::kProject, before);
  auto after = node_over(Node::Kind::kProject, found);
  for (const auto& decl : op.columns) {
    const Sql pair_of = call(
        "arrayFirst",
        {lambda([&](const Sql& each) { return equals(member(each, 1), param_text(decl.name)); }),
         column(pairs)});
    const Sql text = once(pair_of, [&](const Sql& each) {
      Sql quoted_value = member(each, 2);
      if (!escape.empty()) {
        quoted_value =
            call("replaceRegexpAll",
                 {quoted_value, param_text("(?s)" + escape_regex(escape) + "(.)"), quoted("\\1")});
      }
      return if_(equals(quoted_value, quoted("")), member(each, 3), quoted_value);
    });
    const Column raw = binder.define(*found, "$text", string_value(text));
    Column made =
        binder.define(*after, decl.name, TRY(text_as(raw.value.sql, decl.type, decl.span)));
    const auto place = std::find_if(input.columns.begin(), input.columns.end(),
                                    [&](const Column& each) { return each.name == made.name; });
    if (place == input.columns.end()) {
      input.columns.push_back(std::move(made));
    } else {
      *place = std::move(made);
    }
  }
  input.plan = std::move(after);
  return input;
}

}  // namespace spoor::kql
