#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <fstream>
#include <functional>
#include <optional>

#include "base/file.h"
#include "base/temp_folder.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/failure.h"
#include "cli/handed_over.h"
#include "cli/local_server.h"
#include "cli/print.h"
#include "cli/reading.h"
#include "json/reader.h"
#include "json/writer.h"
#include "kql/exec/format.h"

namespace spoor::cli {
namespace {

constexpr std::size_t kLongestLine = 4u << 20;
constexpr std::size_t kLargestExternal = 16u << 20;

/// The file given for an address of externaldata.
Result<std::string> external_text(const std::vector<std::string>& given, std::string_view address) {
  for (const std::string& each : given) {
    // The file's name has no '='; an address may have.
    const std::size_t at = each.rfind('=');
    if (at == std::string::npos || std::string_view(each).substr(0, at) != address) {
      continue;
    }
    return read_file(each.substr(at + 1), kLargestExternal);
  }
  return fail(Error::make(ErrorCode::kNotFound,
                          fmt::format("no file is given for the external data {}", address))
                  .with_hint("give it with --external ADDRESS=FILE"));
}

kql::CompileOptions compile_options(const QueryOptions& options) {
  kql::CompileOptions compile;
  compile.empty_tables = options.tables == "empty";
  compile.limits.max_rows = static_cast<std::int64_t>(options.rows);
  if (!options.external.empty()) {
    compile.external = [given = options.external](std::string_view address) {
      return external_text(given, address);
    };
  }
  return compile;
}
kql::RunLimits run_limits(const QueryOptions& options) {
  kql::RunLimits limits;
  limits.max_rows = static_cast<std::int64_t>(options.rows);
  return limits;
}

/// Answers a query: here, or by the server that has the folder.
using Ask = std::function<Result<kql::QueryResult>(std::string_view text, std::vector<kql::Row>&)>;

Ask ask_here(const kql::Runner& runner, const QueryOptions& options) {
  return [&runner, &options](std::string_view text, std::vector<kql::Row>& rows) {
    return kql::run_query(runner, text, compile_options(options), run_limits(options),
                          [&](std::span<const kql::Row> part) -> Result<void> {
                            rows.insert(rows.end(), part.begin(), part.end());
                            return {};
                          });
  };
}

void append_error(json::Writer& out, const Error& error) {
  out.key("error").begin_object();
  out.key("kind").string(error_code_name(error.code));
  out.key("message").string(error.hint.empty() ? error.message
                                               : fmt::format("{} ({})", error.message, error.hint));
  out.key("line");
  error.line > 0 ? out.number(error.line) : out.null();
  out.key("column");
  error.column > 0 ? out.number(error.column) : out.null();
  out.end_object();
}

/// One line of the answer to one line of the batch.
std::string answer_line(const Ask& ask, std::string_view id, std::string_view text) {
  const auto started = std::chrono::steady_clock::now();
  std::vector<kql::Row> rows;
  const auto result = ask(text, rows);
  const double milliseconds =
      std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - started).count();
  std::string out;
  json::Writer writer(out);
  writer.begin_object();
  writer.key("id").string(id);
  writer.key("ok").boolean(result.has_value());
  if (result) {
    writer.key("columns").begin_array();
    for (const kql::ResultColumn& column : result->columns) {
      writer.begin_object()
          .key("name")
          .string(column.name)
          .key("type")
          .string(schema::type_name(column.type))
          .end_object();
    }
    writer.end_array();
    writer.key("rows").begin_array();
    for (const kql::Row& row : rows) {
      writer.begin_array();
      for (std::size_t at = 0; at < row.size(); ++at) {
        std::string cell;
        kql::append_json(cell, result->columns[at].type, row[at]);
        writer.raw(cell);
      }
      writer.end_array();
    }
    writer.end_array();
    writer.key("truncated").boolean(result->truncated);
    if (!result->notes.empty()) {
      writer.key("notes").begin_array();
      for (const std::string& note : result->notes) {
        writer.string(note);
      }
      writer.end_array();
    }
  }
  writer.key("ms").real(static_cast<double>(static_cast<std::int64_t>(milliseconds * 1000)) / 1000);
  if (!result) {
    append_error(writer, result.error());
  }
  writer.end_object();
  return out;
}

int run_batch(const Ask& ask, const QueryOptions& options) {
  std::ifstream file(options.batch);
  if (!file) {
    return say_failure(
        Error::make(ErrorCode::kNotFound, "cannot open the file of queries").at(options.batch));
  }
  std::string line;
  for (int number = 1; std::getline(file, line); ++number) {
    if (trim_blanks(line).empty()) {
      continue;
    }
    json::ReadLimits limits;
    limits.max_bytes = kLongestLine;
    const auto entry = json::parse(line, limits);
    if (!entry) {
      return say_failure(Error::make(ErrorCode::kInvalidInput, entry.error().message)
                             .at(options.batch)
                             .at_line(number, 1));
    }
    const json::Dynamic& id = (*entry)["id"];
    fmt::print("{}\n",
               answer_line(ask, id.as_string() != nullptr ? std::string(id.text_or("")) : id.dump(),
                           (*entry)["query"].text_or("")));
    std::fflush(stdout);
  }
  return 0;
}

/// The line of the query with a mark under the place of the error.
void show_place(const std::string& text, const Error& error) {
  const auto lines = split(text, '\n');
  if (error.line < 1 || static_cast<std::size_t>(error.line) > lines.size()) {
    return;
  }
  std::fprintf(stderr, "  %s\n  %*s^\n",
               terminal_text(lines[static_cast<std::size_t>(error.line) - 1]).c_str(),
               std::max(error.column - 1, 0), "");
}

int run_one(const Ask& ask, const QueryOptions& options) {
  // The columns are known only once the query has run; --rows bounds what is held until then.
  std::vector<kql::Row> held;
  const auto result = ask(options.text, held);
  if (!result) {
    const int code = say_failure(result.error());
    show_place(options.text, result.error());
    return code;
  }
  RowPrinter printer(options.format, result->columns);
  if (auto printed = printer.add(held); !printed) {
    return say_failure(printed.error());
  }
  printer.finish(result->truncated);
  for (const std::string& note : result->notes) {
    std::fprintf(stderr, "note: %s\n", terminal_text(note).c_str());
  }
  return 0;
}

}  // namespace

int run_query(const QueryOptions& options) {
  if (options.text.empty() == options.batch.empty()) {
    std::fputs("spoor: give a query or --batch FILE\n", stderr);
    return 2;
  }
  if (options.data.empty() && options.tables.empty()) {
    std::fputs("spoor: give --data DIR (or --tables empty)\n", stderr);
    return 2;
  }
  std::optional<TempFolder> scratch;
  if (options.data.empty()) {
    scratch.emplace();
  }
  const auto answer = [&options](const Ask& ask) {
    return options.batch.empty() ? run_one(ask, options) : run_batch(ask, options);
  };
  auto server = scratch || !options.tables.empty() ? std::nullopt : LocalServer::find(options.data);
  if (server) {
    return answer([&](std::string_view text, std::vector<kql::Row>& rows) {
      return query_by_server(*server, text, options.rows, rows);
    });
  }
  const auto reading = Reading::open(scratch ? scratch->path() : options.data);
  if (!reading) {
    return say_failure(reading.error());
  }
  const kql::Runner runner = reading->runner();
  return answer(ask_here(runner, options));
}

}  // namespace spoor::cli
