#pragma once
// Tokens to the syntax tree: recursive descent, precedence climbing for operators.

#include "kql/syntax/ast.h"
#include "kql/syntax/lexer.h"

namespace spoor::kql {

inline constexpr int kMaxDepth = 300;
inline constexpr int kMaxNodes = 20'000;
inline constexpr int kMaxOperators = 200;

/// Syntax tree of a query's text. The first error, with its offset.
Result<Query> parse(std::string_view text);

/// Value of what stands inside dynamic(…): JSON, with Kusto's single quotes, datetime(…) and
/// trailing text refused.
Result<std::string> parse_dynamic(std::string_view raw, Span place);

/// Texts of the elements of a JSON array (strings without quotes, others as JSON); of a scalar, its
/// own text.
Result<std::vector<std::string>> json_list_texts(std::string_view json, Span place);

class Parser {
 public:
  Parser(std::string_view text, std::vector<Token> tokens)
      : text_(text), tokens_(std::move(tokens)) {}
  Result<Query> query();

 private:
  friend struct OperatorParser;
  using Made = Result<ExprPtr>;

  // tokens
  [[nodiscard]] const Token& peek(std::size_t ahead = 0) const;
  const Token& take();
  [[nodiscard]] bool at(std::string_view word, std::size_t ahead = 0) const {
    return peek(ahead).is(word);
  }
  bool accept(std::string_view word);
  Result<void> expect(std::string_view word);
  [[nodiscard]] std::unexpected<Error> unexpected(std::string_view wanted) const;
  [[nodiscard]] bool adjacent(std::size_t ahead) const;
  /// A name made of words and hyphens without blanks ("project-away"); `tokens` it spans.
  [[nodiscard]] std::string hyphenated(std::size_t& tokens) const;
  Result<std::string> name(std::string_view what);
  Result<Type> type();

  // statements
  Result<void> statements(std::vector<std::unique_ptr<Statement>>& lets, ExprPtr& body,
                          bool function);
  Result<std::unique_ptr<Statement>> let();
  [[nodiscard]] bool at_function() const;
  Made function();
  Result<std::vector<Parameter>> parameters();

  // expressions
  Made pipe();
  Made source();
  Made expression() { return logical("or"); }
  Made named(bool tables = false);
  Made logical(std::string_view word);
  Made relational();
  Made arithmetic(int level);
  Made unary();
  Made postfix();
  Made primary();
  Made literal();
  Result<std::vector<ExprPtr>> arguments(std::string_view close);
  Result<ExprPtr> make(Expr::Kind kind, std::uint32_t begin);
  Made finish(ExprPtr expr) const;

  // operators
  Result<std::unique_ptr<Operator>> operator_();
  Result<std::unique_ptr<Operator>> source_operator();
  Result<void> body_of(Operator& op);
  Result<void> options(Operator& op);
  Result<void> list(std::vector<ExprPtr>& into, bool named_items);
  Result<void> ordered(std::vector<ExprPtr>& into, std::vector<Ordering>& orderings, bool plain);
  Result<void> column_list(Operator& op);
  Result<void> column_pattern(Operator& op, bool ordering);
  Result<void> summarize(Operator& op);
  Result<void> union_(Operator& op);
  Result<void> join(Operator& op);
  Result<void> expand(Operator& op);
  Result<void> datatable(Operator& op);
  Result<void> range(Operator& op);
  Result<void> parse_operator(Operator& op);
  Result<void> make_series(Operator& op);
  Result<void> parse_kv(Operator& op);
  Result<void> partition(Operator& op);
  Result<void> top_nested(Operator& op);
  Result<void> find(Operator& op);
  Result<void> scan(Operator& op);
  Result<void> external(Operator& op);
  Result<void> invoke(Operator& op);
  Result<void> render(Operator& op);
  Result<void> evaluate(Operator& op);
  Result<ExprPtr> table_operand();

  std::string_view text_;
  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  int depth_ = 0;
  int nodes_ = 0;
  int operators_ = 0;

  struct Deeper {
    explicit Deeper(int& depth) : depth_(depth) { ++depth_; }
    ~Deeper() { --depth_; }
    int& depth_;
  };
  [[nodiscard]] Result<void> guard() const;
};

}  // namespace spoor::kql
