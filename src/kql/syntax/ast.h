#pragma once
// The syntax tree. A table and a scalar look alike until names are known, so both are Expr.

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "kql/bind/value.h"

namespace spoor::kql {

struct Expr;
struct Operator;
struct Statement;
using ExprPtr = std::unique_ptr<Expr>;

struct Parameter {  ///< of a function of `let`
  std::string name;
  Span span;
  bool tabular = false;
  Type type = Type::kString;
  ExprPtr otherwise;  ///< default value
};

struct Expr {
  enum class Kind : std::uint8_t {
    kLiteral = 1,  ///< type, constant
    kName,         ///< text
    kStar,
    kCall,      ///< text(children…)
    kMember,    ///< children[0].text
    kIndex,     ///< children[0][children[1]]
    kUnary,     ///< text children[0]
    kBinary,    ///< children[0] text children[1]
    kLogical,   ///< `and` or `or` over all children
    kIn,        ///< children[0] text (children[1…])
    kBetween,   ///< children[0] text (children[1] .. children[2])
    kNamed,     ///< names = children[0]
    kPipe,      ///< children[0] | operators
    kSource,    ///< operators[0]: print, range, datatable, union, search …
    kFunction,  ///< (parameters) { statements; children[0] }
  };
  Kind kind = Kind::kName;
  Span span;
  std::string text;
  Type type = Type::kString;
  Constant constant;
  std::vector<ExprPtr> children;
  std::vector<std::string> names;
  std::vector<std::unique_ptr<Operator>> operators;
  std::vector<Parameter> parameters;
  std::vector<std::unique_ptr<Statement>> statements;
};

/// A column to sort by, or a pattern of project-reorder.
struct Ordering {
  bool descending = true;
  bool nulls_first = false;
  bool explicit_order = false;
};

struct ColumnDecl {
  std::string name;
  Span span;
  Type type = Type::kString;
};

struct Operator {
  std::string name;                                     ///< "where", "project-away"
  Span span;                                            ///< of the name
  std::map<std::string, ExprPtr, std::less<>> options;  ///< kind=inner, hint.strategy=…
  std::vector<ExprPtr> exprs;
  std::vector<Ordering> orderings;  ///< beside exprs
  std::vector<ExprPtr> by;          ///< summarize … by, top … by
  std::vector<Ordering> by_orderings;
  bool has_by = false;
  std::vector<ColumnDecl> columns;  ///< datatable, evaluate … : (schema), parse
  std::vector<std::string> pieces;  ///< parse: literal text before each column, and after the last
  std::vector<ExprPtr> tables;      ///< union, join, lookup
  std::vector<ExprPtr> values;      ///< datatable; mv-apply's sub-query in `tables`
  std::string text;                 ///< as: the name; mv-expand: unused

  [[nodiscard]] const Expr* option(std::string_view key) const {
    const auto found = options.find(key);
    return found == options.end() ? nullptr : found->second.get();
  }
};

struct Statement {
  std::string name;  ///< of `let`
  Span span;
  ExprPtr value;
};

struct Query {
  std::vector<std::unique_ptr<Statement>> lets;
  ExprPtr body;
};

/// Indented text of the tree, for tests.
std::string dump(const Query& query);

}  // namespace spoor::kql
