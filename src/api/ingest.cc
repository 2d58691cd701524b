// Live telemetry, handed over by collectors.

#include <fmt/core.h>

#include "api/contract.h"
#include "api/errors.h"
#include "api/handlers.h"
#include "api/write_json.h"
#include "ingest/winlog/winlog.h"
#include "pipeline/live_intake.h"

namespace spoor::api {
namespace {

constexpr std::size_t kToldProblems = 100;

/// A token speaks for the devices that it names; a person with the permission for all, where they
/// see all.
pipeline::Reporter reporter_of(const auth::Caller& caller) {
  if (!caller.collector && caller.scope.all) {
    return pipeline::Reporter::for_all_devices(caller.actor());
  }
  const auth::CollectorLimits limits = caller.collector.value_or(auth::CollectorLimits());
  return {caller.actor(), [limits](const pipeline::DeviceClaim& claim) {
            return limits.any || (!claim.device_id.empty() && limits.allows(claim.device_id)) ||
                   limits.allows(claim.computer);
          }};
}

struct Read {
  pipeline::Submission submission;
  std::vector<Error> problems;  ///< the first of them
  std::uint64_t problem_count = 0;
};

Result<Read> read_events(const Call& call) {
  Read read{pipeline::Submission(reporter_of(call.caller())), {}, 0};
  Result<void> added;
  const auto on_record = [&](const event::Record& record) {
    if (added) {
      added = read.submission.add(record);
    }
  };
  const auto on_problem = [&](const Error& problem) {
    ++read.problem_count;
    if (read.problems.size() < kToldProblems) {
      read.problems.push_back(problem);
    }
  };
  const bool is_xml = media_type_of(call.request().header("Content-Type")) == "application/xml";
  const auto reader = is_xml ? winlog::make_xml_reader("ingest", on_record, on_problem)
                             : winlog::make_text_reader("ingest", on_record, on_problem);
  reader->feed(call.request().body);
  reader->finish();
  if (!added) {
    return std::unexpected(std::move(added).error());
  }
  if (read.submission.records() == 0 && !read.problems.empty()) {
    return fail(
        Error::make(ErrorCode::kInvalidInput,
                    fmt::format("No event could be read: {}", read.problems[0].message))
            .at_line(std::max(read.problems[0].line, 1), std::max(read.problems[0].column, 1)));
  }
  return read;
}

std::string receipt_body(const pipeline::Receipt& receipt, const Read& read) {
  std::string out;
  json::Writer writer(out);
  writer.begin_object().key("records").number(receipt.records).key("stored").number(receipt.stored);
  writer.key("duplicates").number(receipt.duplicates).key("refused").number(receipt.refused);
  write_texts(writer, "refused_computers", receipt.refused_computers);
  writer.key("problem_count").number(read.problem_count).key("problems").begin_array();
  for (const Error& problem : read.problems) {
    writer.begin_object().key("offset").number(problem.offset);
    if (problem.line > 0) {
      writer.key("line").number(problem.line);
    }
    writer.key("reason").string(std::string_view(problem.message).substr(0, 1000)).end_object();
  }
  writer.end_array().end_object();
  return out;
}

Result<Reply> ingest(const Services& services, Call& call) {
  TRY_VOID(auth::require(call.caller(), auth::Permission::kIngestWrite));
  Read read = TRY(read_events(call));
  if (read.submission.records() == 0) {
    return Reply::json(receipt_body({}, read));
  }
  const pipeline::Outcome outcome = services.intake.submit(std::move(read.submission));
  if (!outcome) {
    if (services.on_failure) {
      services.on_failure(call.request().id, outcome.error().error);
    }
    Reply reply;
    reply.response = error_response(outcome.error().error, call.request().id,
                                    outcome.error().retry_after_seconds);
    return reply;
  }
  return Reply::json(receipt_body(*outcome, read));
}

constexpr HandlerEntry kHandlers[] = {{OperationId::kIngest, ingest, ""}};

}  // namespace

std::span<const HandlerEntry> ingest_handlers() { return kHandlers; }

}  // namespace spoor::api
