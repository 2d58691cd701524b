// Hunting in KQL.

#include <fmt/core.h>

#include <condition_variable>
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

std::string answer_body(const kql::QueryResult& result, std::string_view rows,
                        std::string_view query_id) {
  std::string out;
  json::Writer writer(out);
  writer.begin_object().key("query_id").string(query_id).key("columns").begin_array();
  for (const kql::ResultColumn& column : result.columns) {
    writer.begin_object()
        .key("name")
        .string(column.name)
        .key("type")
        .string(schema::type_name(column.type))
        .end_object();
  }
  writer.end_array().key("rows").raw("[" + std::string(rows) + "]");
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

Result<Reply> run_query(const Services& services, Call& call) {
  TRY_VOID(auth::require(call.caller(), auth::Permission::kQueryRun));
  const json::Dynamic& body = call.body();
  const std::string query(body["query"].text_or(""));
  const std::string query_id(body["query_id"].text_or("q-" + call.request().id));
  const auto entry = TRY(services.ongoing.queries.begin(call.caller().actor(), query_id));
  note_query(call, query, query_id);
  TRY_VOID(record(services, call, "query.run", state::AuditOutcome::kDone));

  kql::CompileOptions options;
  options.scope = call.caller().scope;
  options.limits.max_rows = body["max_rows"].int_or(1);
  options.limits.max_seconds = static_cast<double>(body["max_seconds"].int_or(1));
  const kql::RunLimits limits{.max_rows = options.limits.max_rows,
                              .seconds = options.limits.max_seconds};
  const StopWhenLeft stop(services, *entry, call.exchange().stop_token());
  std::string rows;
  const auto compiled = kql::compile(query, options);
  if (!compiled) {
    return fail(in_field(compiled.error(), "/query"));
  }
  auto result = kql::run_query(
      kql::store_runner(services.hunter), query, options, limits,
      [&](std::span<const kql::Row> some) { return append_rows(rows, compiled->columns, some); },
      entry->engine_id(), &entry->cancelled());
  if (!result) {
    return entry->cancelled() ? fail(ErrorCode::kCancelled, "The query was cancelled.")
                              : fail(in_field(std::move(result).error(), "/query"));
  }
  return Reply::json(answer_body(*result, rows, query_id));
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
    {OperationId::kCancelQuery, cancel_query, "query.cancel"},
};

}  // namespace

std::span<const HandlerEntry> query_handlers() { return kHandlers; }

}  // namespace spoor::api
