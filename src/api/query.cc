// Hunting in KQL.

#include <fmt/core.h>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

#include "api/errors.h"
#include "api/handlers.h"
#include "api/ongoing.h"
#include "api/recording.h"
#include "api/write_json.h"
#include "kql/exec/format.h"
#include "kql/exec/store_runner.h"

namespace spoor::api {
namespace {

constexpr std::size_t kMostAnswerBytes = 128UL << 20;
constexpr std::size_t kStreamPiece = 256UL << 10;
constexpr std::size_t kRecordedLetters = 4000;

/// Stops the query when nobody waits for its answer any more. Waits on a thread of its own, since
/// telling the engine blocks.
class StopWhenLeft {
 public:
  StopWhenLeft(const Services& services, const RunningQueries::Entry& entry, std::stop_token left)
      : left_(std::move(left)), thread_([this, &services, &entry](const std::stop_token& over) {
          const std::stop_callback wake(left_, [this] {
            const std::lock_guard lock(mutex_);
            changed_.notify_all();
          });
          std::unique_lock lock(mutex_);
          changed_.wait(lock, over, [this] { return left_.stop_requested(); });
          lock.unlock();
          if (left_.stop_requested()) {
            services.ongoing.queries.stop(services.owner, entry);
          }
        }) {}

 private:
  std::stop_token left_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::jthread thread_;  // last: ends before what it uses
};

Result<void> append_rows(std::string& out, const std::vector<kql::ResultColumn>& columns,
                         std::span<const kql::Row> rows) {
  for (const kql::Row& row : rows) {
    out += out.empty() ? "[" : ",[";
    for (std::size_t at = 0; at < row.size() && at < columns.size(); ++at) {
      out += at == 0 ? "" : ",";
      kql::append_json(out, columns[at].type, row[at]);
    }
    out += ']';
  }
  return out.size() <= kMostAnswerBytes
             ? Result<void>()
             : fail(Error::make(ErrorCode::kLimit, "The answer is larger than 128 MiB.")
                        .with_hint("project fewer columns"));
}

void write_columns(json::Writer& writer, const std::vector<kql::ResultColumn>& columns) {
  writer.key("columns").begin_array();
  for (const kql::ResultColumn& column : columns) {
    writer.begin_object()
        .key("name")
        .string(column.name)
        .key("type")
        .string(schema::type_name(column.type))
        .end_object();
  }
  writer.end_array();
}

std::string answer_body(const kql::QueryResult& result, std::string_view rows,
                        std::string_view query_id) {
  std::string out;
  json::Writer writer(out);
  writer.begin_object().key("query_id").string(query_id);
  write_columns(writer, result.columns);
  writer.key("rows").raw("[" + std::string(rows) + "]");
  writer.key("row_count").number(result.rows).key("truncated").boolean(result.truncated);
  writer.key("seconds").real(result.seconds).end_object();
  return out;
}

void note_query(Call& call, std::string_view query, std::string_view query_id) {
  std::string detail;
  json::Writer writer(detail);
  writer.begin_object().key("query").string(query.substr(0, kRecordedLetters));
  writer.key("letters")
      .number(static_cast<std::int64_t>(query.size()))
      .key("query_id")
      .string(query_id)
      .end_object();
  call.note("", std::move(detail));
}

/// What a body asks for, recorded and entered among the running queries.
struct Asked {
  std::string query, query_id;
  std::unique_ptr<RunningQueries::Entry> entry;
  kql::CompileOptions options;
  kql::RunLimits limits;
};

Result<Asked> begin_query(const Services& services, Call& call) {
  const json::Dynamic& body = call.body();
  std::string query(body["query"].text_or(""));
  std::string query_id(body["query_id"].text_or("q-" + call.request().id));
  Asked asked{std::move(query), std::move(query_id), {}, {}, {}};
  asked.entry = TRY(services.ongoing.queries.begin(call.caller().actor(), asked.query_id));
  note_query(call, asked.query, asked.query_id);
  TRY_VOID(record(services, call, "query.run", state::AuditOutcome::kDone));
  asked.options.scope = call.caller().scope;
  asked.options.limits.max_rows = body["max_rows"].int_or(1);
  asked.options.limits.max_seconds = static_cast<double>(body["max_seconds"].int_or(1));
  asked.limits.max_rows = asked.options.limits.max_rows;
  asked.limits.seconds = asked.options.limits.max_seconds;
  return asked;
}

Result<Reply> run_query(const Services& services, Call& call) {
  TRY_VOID(auth::require(call.caller(), auth::Permission::kQueryRun));
  const Asked asked = TRY(begin_query(services, call));
  const StopWhenLeft stop(services, *asked.entry, call.exchange().stop_token());
  std::string rows;
  const auto compiled = kql::compile(asked.query, asked.options);
  if (!compiled) {
    return fail(in_field(compiled.error(), "/query"));
  }
  auto result = kql::run_query(
      kql::store_runner(services.hunter), asked.query, asked.options, asked.limits,
      [&](std::span<const kql::Row> some) { return append_rows(rows, compiled->columns, some); },
      asked.entry->engine_id(), &asked.entry->cancelled());
  if (!result) {
    return asked.entry->cancelled() ? fail(ErrorCode::kCancelled, "The query was cancelled.")
                                    : fail(in_field(std::move(result).error(), "/query"));
  }
  return Reply::json(answer_body(*result, rows, asked.query_id));
}

/// The lines of a streamed answer.
class AnswerLines {
 public:
  AnswerLines(http::Exchange& exchange, const std::vector<kql::ResultColumn>& columns,
              std::string_view query_id)
      : exchange_(exchange), columns_(columns) {
    json::Writer writer(line_);
    writer.begin_object().key("query_id").string(query_id);
    write_columns(writer, columns);
    writer.end_object();
    line_ += '\n';
  }

  Result<void> add(std::span<const kql::Row> rows) {
    for (const kql::Row& row : rows) {
      line_ += '[';
      for (std::size_t at = 0; at < row.size() && at < columns_.size(); ++at) {
        line_ += at == 0 ? "" : ",";
        kql::append_json(line_, columns_[at].type, row[at]);
      }
      line_ += "]\n";
      if (line_.size() >= kStreamPiece) {
        TRY_VOID(send());
      }
    }
    return {};
  }

  Result<void> end(const kql::QueryResult& result) {
    json::Writer writer(line_);
    writer.begin_object().key("row_count").number(result.rows);
    writer.key("truncated").boolean(result.truncated).key("seconds").real(result.seconds);
    write_texts(writer, "notes", result.notes);
    writer.end_object();
    return finish();
  }

  /// Only where has_begun: before, the answer is an error like any other.
  Result<void> end(const Error& error) {
    line_ += error_body(error, exchange_.request().id);
    return finish();
  }

  [[nodiscard]] bool has_begun() const { return has_begun_; }

 private:
  Result<void> send() {
    if (!std::exchange(has_begun_, true)) {
      exchange_.begin(200, {}, "application/x-ndjson");
    }
    TRY_VOID(exchange_.write(line_));
    line_.clear();
    return {};
  }
  Result<void> finish() {
    line_ += '\n';
    TRY_VOID(send());
    return exchange_.finish();
  }

  http::Exchange& exchange_;
  const std::vector<kql::ResultColumn>& columns_;
  std::string line_;
  bool has_begun_ = false;
};

Result<Reply> stream_query(const Services& services, Call& call) {
  TRY_VOID(auth::require(call.caller(), auth::Permission::kExportRun));
  TRY_VOID(auth::require(call.caller(), auth::Permission::kQueryRun));
  const Asked asked = TRY(begin_query(services, call));
  kql::RunLimits limits = asked.limits;
  limits.max_bytes = UINT64_MAX;  // none of it is held
  const StopWhenLeft stop(services, *asked.entry, call.exchange().stop_token());
  const auto compiled = kql::compile(asked.query, asked.options);
  if (!compiled) {
    return fail(in_field(compiled.error(), "/query"));
  }
  AnswerLines lines(call.exchange(), compiled->columns, asked.query_id);
  auto result = kql::run_query(
      kql::store_runner(services.hunter), asked.query, asked.options, limits,
      [&](std::span<const kql::Row> some) { return lines.add(some); }, asked.entry->engine_id(),
      &asked.entry->cancelled());
  if (result) {
    TRY_VOID(lines.end(*result));
    return Reply::streamed();
  }
  Error error = asked.entry->cancelled()
                    ? Error::make(ErrorCode::kCancelled, "The query was cancelled.")
                    : in_field(std::move(result).error(), "/query");
  if (!lines.has_begun()) {
    return fail(std::move(error));
  }
  TRY_VOID(lines.end(error));
  return Reply::streamed();
}

Result<Reply> cancel_query(const Services& services, Call& call) {
  TRY_VOID(auth::require(call.caller(), auth::Permission::kQueryRun));
  const std::string query_id = call.text("query_id");
  call.note("", fmt::format(R"({{"query_id":"{}"}})", query_id));
  TRY_VOID(services.ongoing.queries.cancel(services.owner, call.caller().actor(), query_id));
  return Reply::empty();
}

constexpr HandlerEntry kHandlers[] = {
    {OperationId::kRunQuery, run_query, ""},
    {OperationId::kStreamQuery, stream_query, ""},
    {OperationId::kCancelQuery, cancel_query, "query.cancel"},
};

}  // namespace

std::span<const HandlerEntry> query_handlers() { return kHandlers; }

}  // namespace spoor::api
