#include "storeworker/gate.h"

#include <algorithm>
#include <charconv>
#include <span>
#include <utility>

#include "base/text.h"
#include "storeworker/sql_tokens.h"

namespace spoor::storeworker {
namespace {

constexpr std::uint32_t kClassRead = 0;
constexpr std::uint32_t kClassChange = 1;

using Tokens = std::span<const Token>;

Error refused(std::string message) { return Error::make(ErrorCode::kConflict, std::move(message)); }

bool is_name(const Token& token) {
  return token.kind == TokenKind::kWord || token.kind == TokenKind::kQuoted;
}

/// Text of a setting's value without its quotes; nothing where it is not one plain literal.
Result<std::string> literal_of(const Token& token) {
  if (token.kind == TokenKind::kNumber) {
    return std::string(token.text);
  }
  if (token.kind == TokenKind::kString && !token.text.contains('\\')) {
    return std::string(token.text.substr(1, token.text.size() - 2));
  }
  return fail(ErrorCode::kInvalidInput, "value of a setting that is not a number or a plain text");
}

/// Reads `name = value, …` from the front of `tokens` into `settings`; what follows stays.
Result<void> take_settings(Tokens& tokens, Settings& settings) {
  while (true) {
    if (tokens.size() < 3 || tokens[0].kind != TokenKind::kWord || !tokens[1].is_symbol('=')) {
      return fail(ErrorCode::kInvalidInput, "SETTINGS clause that is not a list of name = value");
    }
    const std::string name(tokens[0].text);
    const std::string value = TRY(literal_of(tokens[2]));
    if (!is_ignored_setting(name)) {
      TRY_VOID(put_setting(settings, name, value));
    }
    tokens = tokens.subspan(3);
    if (tokens.empty() || !tokens[0].is_symbol(',')) {
      return {};
    }
    tokens = tokens.subspan(1);
  }
}

bool is_settings_clause(Tokens tokens, std::size_t at) {
  return tokens[at].is("SETTINGS") && at + 2 < tokens.size() && is_name(tokens[at + 1]) &&
         tokens[at + 2].is_symbol('=');
}

/// Cuts the FORMAT and SETTINGS clauses off the end of `tokens`.
Result<void> cut_tail(Tokens& tokens, Settings& settings, std::string& format) {
  while (true) {
    const std::size_t count = tokens.size();
    if (count >= 3 && tokens[count - 2].is("FORMAT") && tokens[count - 2].depth == 0 &&
        tokens[count - 1].kind == TokenKind::kWord && format.empty()) {
      format = tokens[count - 1].text;
      tokens = tokens.first(count - 2);
      continue;
    }
    std::size_t at = count;
    while (at > 0 && !(tokens[at - 1].depth == 0 && is_settings_clause(tokens, at - 1))) {
      --at;
    }
    if (at == 0) {
      return {};
    }
    Tokens list = tokens.subspan(at);
    Settings inner = settings;
    TRY_VOID(take_settings(list, inner));
    // `SETTINGS a = 1 FORMAT x` was cut above; anything else behind the list belongs to another
    // shape.
    if (!list.empty()) {
      return fail(ErrorCode::kInvalidInput, "text behind the SETTINGS clause");
    }
    settings = std::move(inner);
    tokens = tokens.first(at - 1);
  }
}

Result<void> refuse_everywhere(Tokens tokens, bool with_settings) {
  for (std::size_t at = 0; at < tokens.size(); ++at) {
    if (tokens[at].is("OUTFILE") || tokens[at].is("INFILE")) {
      return fail(refused("reading and writing files is not allowed"));
    }
    if (tokens[at].is_symbol(';')) {
      return fail(refused("more than one statement"));
    }
    if (!with_settings && is_settings_clause(tokens, at)) {
      return fail(refused("SETTINGS are allowed at the end of a statement only"));
    }
  }
  return {};
}

template <class T>
T number_or(std::string_view text, T otherwise) {
  T number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? number : otherwise;
}

void apply_limits(Settings& settings, const Limits& limits, bool is_read) {
  const double seconds = number_or(find_setting(settings, "max_execution_time"), 0.0);
  if (is_read && (seconds <= 0 || seconds > limits.max_seconds)) {
    (void)put_setting(settings, "max_execution_time",
                      std::to_string(static_cast<int>(limits.max_seconds)));
  }
  if (limits.max_memory != 0) {
    const auto memory = number_or<std::uint64_t>(find_setting(settings, "max_memory_usage"), 0);
    if (memory == 0 || memory > limits.max_memory) {
      (void)put_setting(settings, "max_memory_usage", std::to_string(limits.max_memory));
    }
    const std::string quarter =
        std::to_string(number_or<std::uint64_t>(find_setting(settings, "max_memory_usage"), 0) / 4);
    for (const char* name :
         {"max_bytes_before_external_group_by", "max_bytes_before_external_sort"}) {
      if (is_read && find_setting(settings, name).empty()) {
        (void)put_setting(settings, name, quarter);
      }
    }
  }
}

std::string written(Tokens tokens, std::string_view text) {
  const Token& last = tokens.back();
  const std::size_t start = tokens.front().offset;
  return std::string(text.substr(start, last.offset + last.text.size() - start));
}

/// INSERT INTO [TABLE] [database.]table [(columns)] [SETTINGS …] FORMAT name | VALUES, rebuilt from
/// its parts.
Result<Statement> judge_insert_of_data(const TokenList& list, std::string_view text,
                                       Settings settings) {
  Statement statement;
  statement.kind = StatementKind::kInsert;
  Tokens tokens(list.tokens);
  const auto unexpected = [] {
    return fail(ErrorCode::kInvalidInput,
                "expected INSERT INTO table [(columns)] [SETTINGS name = value, …] FORMAT name");
  };
  if (tokens.back().is("VALUES")) {
    statement.format = "Values";
    tokens = tokens.first(tokens.size() - 1);
  } else {
    statement.format = tokens.back().text;
    tokens = tokens.first(tokens.size() - 2);
  }
  if (tokens.size() < 3 || !tokens[1].is("INTO")) {
    return unexpected();
  }
  tokens = tokens.subspan(tokens[2].is("TABLE") && tokens.size() > 3 && is_name(tokens[3]) ? 3 : 2);
  if (!is_name(tokens[0])) {
    return unexpected();
  }
  statement.sql = "INSERT INTO " + quote_identifier(identifier_of(tokens[0]));
  tokens = tokens.subspan(1);
  if (tokens.size() >= 2 && tokens[0].is_symbol('.') && is_name(tokens[1])) {
    statement.sql += "." + quote_identifier(identifier_of(tokens[1]));
    tokens = tokens.subspan(2);
  }
  if (!tokens.empty() && tokens[0].is_symbol('(')) {
    std::size_t at = 1;
    std::string columns;
    while (at + 1 < tokens.size() && is_name(tokens[at])) {
      columns += (columns.empty() ? "" : ", ") + quote_identifier(identifier_of(tokens[at]));
      ++at;
      if (!tokens[at].is_symbol(',')) {
        break;
      }
      ++at;
    }
    if (columns.empty() || at >= tokens.size() || !tokens[at].is_symbol(')')) {
      return unexpected();
    }
    statement.sql += " (" + columns + ")";
    tokens = tokens.subspan(at + 1);
  }
  if (!tokens.empty() && tokens[0].is("SETTINGS")) {
    tokens = tokens.subspan(1);
    TRY_VOID(take_settings(tokens, settings));
  }
  if (!tokens.empty()) {
    return unexpected();
  }
  if (!settings.empty()) {
    statement.sql += " SETTINGS " + settings_clause(settings);
  }
  // One line end after the format's name belongs to the statement, as with ClickHouse's own server.
  statement.data_offset = list.end;
  const std::string_view rest = text.substr(list.end);
  const std::size_t blanks = std::min(rest.find_first_not_of(" \t\r"), rest.size());
  if (blanks < rest.size() && rest[blanks] == '\n') {
    statement.data_offset += blanks + 1;
  } else if (statement.format == "Values" || blanks == rest.size()) {
    statement.data_offset += blanks;
  } else {
    return fail(ErrorCode::kInvalidInput, "expected the end of the line behind the format's name");
  }
  return statement;
}

/// KILL QUERY WHERE query_id = 'x' [SYNC | ASYNC]
Result<Statement> judge_kill(Tokens tokens) {
  const std::size_t count = tokens.size();
  if ((count == 6 || (count == 7 && (tokens[6].is("SYNC") || tokens[6].is("ASYNC")))) &&
      tokens[1].is("QUERY") && tokens[2].is("WHERE") && identifier_of(tokens[3]) == "query_id" &&
      tokens[4].is_symbol('=') && tokens[5].kind == TokenKind::kString) {
    Statement statement;
    statement.kind = StatementKind::kKill;
    statement.kill_id = TRY(literal_of(tokens[5]));
    if (is_valid_id(statement.kill_id)) {
      return statement;
    }
  }
  return fail(refused("only KILL QUERY WHERE query_id = '…' is allowed"));
}

/// ALTER TABLE name FREEZE WITH NAME 'id': hard links of a table's parts, in the engine's own
/// folder.
bool is_freeze(Tokens tokens) {
  return tokens.size() == 7 && tokens[0].is("ALTER") && tokens[1].is("TABLE") &&
         is_name(tokens[2]) && tokens[3].is("FREEZE") && tokens[4].is("WITH") &&
         tokens[5].is("NAME") && tokens[6].kind == TokenKind::kString;
}

/// The engine calls this statement a control one; it is allowed in this shape alone.
Result<Statement> judge_freeze(Tokens tokens) {
  const std::string id = TRY(literal_of(tokens[6]));
  if (!is_valid_id(id) || id.contains(':') || id.contains('.')) {
    return fail(ErrorCode::kInvalidInput, "a name for FREEZE holds letters, digits, _ and - alone");
  }
  Statement statement;
  statement.kind = StatementKind::kChange;
  statement.sql = "ALTER TABLE " + quote_identifier(identifier_of(tokens[2])) +
                  " FREEZE WITH NAME " + quote_text(id);
  return statement;
}

}  // namespace

bool begins_with_insert(std::string_view sql) {
  // Comments before the word are skipped by the lexer; an error in what follows does not matter
  // here.
  const Result<TokenList> head = tokenize(sql.substr(0, 4096), true);
  if (head && !head->tokens.empty()) {
    return head->tokens[0].is("INSERT");
  }
  const std::size_t start = sql.find_first_not_of(" \t\r\n\f\v");
  return start != std::string_view::npos && starts_with_ignoring_case(sql.substr(start), "insert");
}

Result<Statement> judge(std::string_view text, Access access, Settings settings,
                        std::string_view tag, const Limits& limits, const Classify& classify) {
  if (text.contains('\0')) {
    return fail(ErrorCode::kInvalidInput, "statement with a zero byte");
  }
  const bool is_insert = begins_with_insert(text);
  const TokenList list = TRY(tokenize(text, is_insert));
  Tokens tokens(list.tokens);
  if (tokens.empty()) {
    return fail(ErrorCode::kInvalidInput, "Empty query");
  }
  if (access == Access::kHunter && (is_insert || tokens[0].is("KILL"))) {
    return fail(refused("only reads are allowed to this user"));
  }
  const bool has_data =
      is_insert && (tokens.back().is("VALUES") ||
                    (tokens.size() >= 2 && tokens[tokens.size() - 2].is("FORMAT")));
  if (has_data) {
    return judge_insert_of_data(list, text, std::move(settings));
  }
  while (!tokens.empty() && tokens.back().is_symbol(';')) {
    tokens = tokens.first(tokens.size() - 1);
  }
  if (tokens.empty()) {
    return fail(ErrorCode::kInvalidInput, "Empty query");
  }
  if (tokens[0].is("KILL")) {
    return judge_kill(tokens);
  }
  if (access == Access::kOwner && is_freeze(tokens)) {
    return judge_freeze(tokens);
  }

  Statement statement;
  // SETTINGS of a CREATE are the table engine's; that statement is the owner's alone, and its
  // grants bound it.
  const bool is_create = tokens[0].is("CREATE") && access == Access::kOwner;
  if (!is_create) {
    TRY_VOID(cut_tail(tokens, settings, statement.format));
  }
  TRY_VOID(refuse_everywhere(tokens, is_create));
  const std::string bare = written(tokens, text);
  const Classification found = TRY(classify(bare));
  if (found.statements != 1) {
    return fail(refused("exactly one statement is allowed"));
  }
  if (found.kind == kClassRead) {
    statement.kind = StatementKind::kRead;
    statement.can_stream = tokens[0].is("SELECT") || tokens[0].is("WITH");
  } else if (access == Access::kHunter) {
    return fail(refused("only reads are allowed to this user"));
  } else if (found.kind == kClassChange || tokens[0].is("CREATE") || tokens[0].is("DROP")) {
    statement.kind = StatementKind::kChange;
  } else {
    return fail(refused("statements of this kind are not allowed"));
  }
  apply_limits(settings, limits, statement.kind == StatementKind::kRead);
  std::string clause = statement.kind == StatementKind::kRead ? "readonly = 1, " : "";
  clause += "log_comment = " + quote_text(tag);
  if (!settings.empty()) {
    clause += ", " + settings_clause(settings);
  }
  statement.sql = bare;
  const bool takes_settings = statement.kind == StatementKind::kRead || tokens[0].is("ALTER") ||
                              tokens[0].is("DELETE") || tokens[0].is("OPTIMIZE") || is_insert;
  if (takes_settings) {
    statement.sql += "\nSETTINGS " + clause;
  }
  return statement;
}

}  // namespace spoor::storeworker
