// Literals, and the JSON inside dynamic(…).

#include <charconv>
#include <limits>

#include "base/text.h"
#include "base/ticks.h"
#include "json/writer.h"
#include "kql/syntax/parser.h"

namespace spoor::kql {
namespace {

/// dynamic(…) holds JSON with single quotes, bare words and datetime(…) allowed; tokens read it
/// all.
class DynamicReader {
 public:
  explicit DynamicReader(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}

  Result<std::string> run() {
    std::string out;
    TRY_VOID(value(out, 0));
    if (tokens_[at_].kind != Token::Kind::kEnd) {
      return problem("one JSON value");
    }
    return out;
  }

 private:
  std::unexpected<Error> problem(std::string_view wanted) const {
    return fail(error_at(tokens_[at_].span, ErrorCode::kInvalidInput,
                         "expected " + std::string(wanted) + " in dynamic()"));
  }
  [[nodiscard]] const Token& token() const { return tokens_[at_]; }
  void next() { at_ += at_ + 1 < tokens_.size() ? 1 : 0; }

  Result<void> value(std::string& out, int depth) {
    if (depth > 64) {
      return fail(
          error_at(token().span, ErrorCode::kLimit, "dynamic() is nested deeper than 64 levels"));
    }
    switch (token().kind) {
      case Token::Kind::kString: {
        std::string text = token().text;
        next();
        while (token().kind == Token::Kind::kString) {
          text += token().text;
          next();
        }
        json::append_string(out, text);
        return {};
      }
      case Token::Kind::kNumber:
        out += std::to_string(token().number);
        next();
        return {};
      case Token::Kind::kReal:
        return real(out, token().real);
      case Token::Kind::kTimespan:
        json::append_string(out, format_timespan(token().number));
        next();
        return {};
      case Token::Kind::kTyped: {
        if (token().text == "datetime" || token().text == "date") {
          const auto ticks = parse_datetime(token().raw);
          if (!ticks) {
            return problem("a datetime");
          }
          json::append_string(out, format_ticks(*ticks));
        } else if (token().text == "timespan" || token().text == "time") {
          const auto ticks = parse_timespan(token().raw);
          if (!ticks) {
            return problem("a timespan");
          }
          json::append_string(out, format_timespan(*ticks));
        } else if (token().text == "dynamic") {
          out += TRY(parse_dynamic(token().raw, token().raw_span));
        } else if (token().text == "guid") {
          json::append_string(out, trim_blanks(token().raw));
        } else {
          return problem("a JSON value");
        }
        next();
        return {};
      }
      case Token::Kind::kName:
        if (token().is("true") || token().is("false") || token().is("null")) {
          out += token().text;
          next();
          return {};
        }
        return problem("a JSON value");
      case Token::Kind::kPunctuation:
        break;
      case Token::Kind::kEnd:
        return problem("a JSON value");
    }
    if (token().is("-")) {
      next();
      if (token().kind == Token::Kind::kReal) {
        return real(out, -token().real);
      }
      if (token().kind != Token::Kind::kNumber) {
        return problem("a number");
      }
      out += std::to_string(-token().number);
      next();
      return {};
    }
    if (token().is("[")) {
      return members(out, ']', depth);
    }
    if (token().is("{")) {
      return members(out, '}', depth);
    }
    return problem("a JSON value");
  }

  Result<void> real(std::string& out, double number) {
    char buffer[40];
    out.append(buffer, std::to_chars(buffer, buffer + sizeof buffer, number).ptr);
    next();
    return {};
  }

  Result<void> members(std::string& out, char close, int depth) {
    out += close == ']' ? '[' : '{';
    next();
    bool first = true;
    while (!token().is(std::string_view(&close, 1))) {
      if (!first) {
        if (!token().is(",")) {
          return problem("',' or the closing bracket");
        }
        next();
        if (token().is(std::string_view(&close, 1))) {
          break;
        }
        out += ',';
      }
      first = false;
      if (close == '}') {
        if (token().kind != Token::Kind::kString && token().kind != Token::Kind::kName) {
          return problem("a key");
        }
        json::append_string(out, token().text);
        next();
        if (!token().is(":")) {
          return problem("':'");
        }
        next();
        out += ':';
      }
      TRY_VOID(value(out, depth + 1));
    }
    next();
    out += close;
    return {};
  }

  std::vector<Token> tokens_;
  std::size_t at_ = 0;
};

std::optional<double> read_real(std::string_view text) {
  const std::string lower = to_ascii_lower(text);
  if (lower == "nan") {
    return std::numeric_limits<double>::quiet_NaN();
  }
  if (lower == "+inf" || lower == "inf" || lower == "-inf") {
    return lower[0] == '-' ? -std::numeric_limits<double>::infinity()
                           : std::numeric_limits<double>::infinity();
  }
  if (text.starts_with('+')) {
    text.remove_prefix(1);
  }
  double value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || problem != std::errc{} || end != text.data() + text.size()) {
    return std::nullopt;
  }
  return value;
}

/// 32 hex digits with or without hyphens and braces, in the usual form.
std::optional<std::string> read_guid(std::string_view text) {
  std::string digits;
  for (const char c : text) {
    if (c != '-' && c != '{' && c != '}' && c != '"' && c != '\'') {
      digits += ascii_lower(c);
    }
  }
  if (digits.size() != 32 || digits.find_first_not_of("0123456789abcdef") != std::string::npos) {
    return std::nullopt;
  }
  for (const std::size_t place : {20, 16, 12, 8}) {
    digits.insert(place, "-");
  }
  return digits;
}

}  // namespace

Result<std::string> parse_dynamic(std::string_view raw, Span place) {
  auto tokens = tokenize(raw);
  if (!tokens) {
    tokens.error().offset += place.begin;
    return std::unexpected(tokens.error());
  }
  for (auto& token : *tokens) {
    token.span.begin += place.begin;
    token.span.end += place.begin;
    token.raw_span.begin += place.begin;
    token.raw_span.end += place.begin;
  }
  if (tokens->front().kind == Token::Kind::kEnd) {
    return fail(error_at(place, ErrorCode::kInvalidInput, "dynamic() is empty"));
  }
  if (tokens->size() == 2 && tokens->front().kind == Token::Kind::kName &&
      tokens->front().is("null")) {
    return std::string();
  }
  return DynamicReader(std::move(*tokens)).run();
}

Result<std::vector<std::string>> json_list_texts(std::string_view json, Span place) {
  auto read = tokenize(json);
  if (!read) {
    return fail(error_at(place, ErrorCode::kInvalidInput, "the list is not JSON"));
  }
  const std::vector<Token>& tokens = *read;
  const auto text_of = [&](std::size_t from, std::size_t to) -> std::string {
    if (to == from + 1 && tokens[from].kind == Token::Kind::kString) {
      return tokens[from].text;
    }
    return std::string(
        json.substr(tokens[from].span.begin, tokens[to - 1].span.end - tokens[from].span.begin));
  };
  std::vector<std::string> texts;
  if (!tokens[0].is("[")) {
    if (tokens.size() > 1 && !tokens[0].is("{")) {
      texts.push_back(text_of(0, tokens.size() - 1));
    }
    return texts;
  }
  int depth = 0;
  std::size_t start = 1;
  for (std::size_t i = 1; i + 1 < tokens.size(); ++i) {
    const bool opens = tokens[i].is("[") || tokens[i].is("{");
    const bool closes = tokens[i].is("]") || tokens[i].is("}");
    if (depth == 0 && (tokens[i].is(",") || closes)) {
      if (i > start) {
        texts.push_back(text_of(start, i));
      }
      start = i + 1;
    }
    depth += opens ? 1 : closes ? -1 : 0;
  }
  return texts;
}

Parser::Made Parser::literal() {
  auto made = TRY(make(Expr::Kind::kLiteral, peek().span.begin));
  const Token& token = take();
  switch (token.kind) {
    case Token::Kind::kString: {
      made->type = Type::kString;
      std::string text = token.text;
      while (peek().kind == Token::Kind::kString) {
        text += take().text;
      }
      made->constant = std::move(text);
      return finish(std::move(made));
    }
    case Token::Kind::kNumber:
      made->type = Type::kLong;
      made->constant = token.number;
      return finish(std::move(made));
    case Token::Kind::kReal:
      made->type = Type::kReal;
      made->constant = token.real;
      return finish(std::move(made));
    case Token::Kind::kTimespan:
      made->type = Type::kTimespan;
      made->constant = token.number;
      return finish(std::move(made));
    case Token::Kind::kName:
      made->type = token.text == "null" ? Type::kDynamic : Type::kBool;
      if (token.text != "null") {
        made->constant = token.text == "true";
      }
      return finish(std::move(made));
    default:
      break;
  }
  const std::string& type = token.text;
  const std::string_view raw = trim_blanks(token.raw);
  const bool none = equals_ignoring_case(raw, "null");
  const auto bad = [&]() {
    return fail(error_at(token.span, ErrorCode::kInvalidInput,
                         "not a " + type + ": " + std::string(raw.substr(0, 40))));
  };
  if (type == "dynamic") {
    made->type = Type::kDynamic;
    std::string json = TRY(parse_dynamic(token.raw, token.raw_span));
    if (!json.empty()) {
      made->constant = std::move(json);
    }
  } else if (type == "decimal") {
    return fail(
        error_at(token.span, ErrorCode::kUnsupported, "decimal is not supported; use real"));
  } else if (type == "datetime" || type == "date") {
    made->type = Type::kDateTime;
    if (const auto ticks = parse_datetime(raw)) {
      made->constant = *ticks;
    } else if (!none) {
      return bad();
    }
  } else if (type == "timespan" || type == "time") {
    made->type = Type::kTimespan;
    if (const auto ticks = parse_timespan(raw)) {
      made->constant = *ticks;
    } else if (!none) {
      return bad();
    }
  } else if (type == "guid" || type == "uuid") {
    made->type = Type::kGuid;
    if (auto guid = read_guid(raw)) {
      made->constant = std::move(*guid);
    } else if (!none) {
      return bad();
    }
  } else if (type == "bool" || type == "boolean") {
    made->type = Type::kBool;
    if (equals_ignoring_case(raw, "true") || raw == "1") {
      made->constant = true;
    } else if (equals_ignoring_case(raw, "false") || raw == "0") {
      made->constant = false;
    } else if (!none) {
      return bad();
    }
  } else if (type == "real" || type == "double") {
    made->type = Type::kReal;
    if (const auto real = read_real(raw)) {
      made->constant = *real;
    } else if (!none) {
      return bad();
    }
  } else {
    made->type = type == "int" ? Type::kInt : Type::kLong;
    const auto number = parse_int(raw);
    if (number && (type == "long" || *number == static_cast<std::int32_t>(*number))) {
      made->constant = *number;
    } else if (!none) {
      return bad();
    }
  }
  return finish(std::move(made));
}

}  // namespace spoor::kql
