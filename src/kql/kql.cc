#include "kql/kql.h"

#include <algorithm>

#include "kql/bind/binder.h"
#include "kql/syntax/parser.h"

namespace spoor::kql {
namespace {

/// Lines and columns count from 1; a column counts bytes.
Error located(Error error, std::string_view text) {
  if (error.offset < 0) {
    return error;
  }
  const auto end = std::min(static_cast<std::size_t>(error.offset), text.size());
  const auto before = text.substr(0, end);
  error.line = 1 + static_cast<int>(std::count(before.begin(), before.end(), '\n'));
  const auto newline = before.rfind('\n');
  error.column = 1 + static_cast<int>(newline == std::string_view::npos ? end : end - newline - 1);
  return error;
}

}  // namespace

const schema::Table* Catalog::find(std::string_view name) const {
  for (const auto& table : tables) {
    if (table.name == name) {
      return &table;
    }
  }
  return nullptr;
}

const schema::ForeignTable* Catalog::find_foreign(std::string_view name) const {
  for (const auto& table : foreign) {
    if (table.name == name) {
      return &table;
    }
  }
  return nullptr;
}

Result<Compiled> compile(std::string_view text, const CompileOptions& options) {
  auto query = parse(text);
  if (!query) {
    return fail(located(std::move(query).error(), text));
  }
  CompileOptions fixed = options;
  if (fixed.now == 0) {
    fixed.now = now_ticks();
  }
  auto compiled = Binder(fixed).run(*query);
  if (!compiled) {
    return fail(located(std::move(compiled).error(), text));
  }
  return compiled;
}

}  // namespace spoor::kql
