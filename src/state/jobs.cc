#include "state/jobs.h"

#include <fmt/format.h>

#include <array>

#include "state/core.h"
#include "state/text_list.h"

namespace spoor::state {
namespace {

constexpr std::array<std::string_view, 4> kStateNames = {"running", "done", "failed", "purged"};

JobState state_of(std::string_view name) {
  for (std::size_t index = 0; index < kStateNames.size(); ++index) {
    if (kStateNames[index] == name) {
      return static_cast<JobState>(index);
    }
  }
  return JobState::kFailed;  // the table's CHECK allows no other name
}

Result<Job> job_of(const Statement& row) {
  Job job;
  job.id = row.text(0);
  job.kind = row.text(1);
  job.state = state_of(row.text(2));
  job.started = row.integer(3);
  job.finished = row.integer_or_none(4);
  job.paths = TRY(texts_from_json(row.text(5)));
  job.counters = row.text(6);
  job.report = row.text(7);
  return job;
}

/// Says why a statement that should have changed the job found nothing to change.
Result<void> check_changed(Database& database, std::string_view id) {
  if (database.changes() > 0) {
    return {};
  }
  Statement statement = TRY(database.prepare("SELECT state FROM jobs WHERE id = ?"));
  if (!TRY(statement.bind(id).step())) {
    return fail(Error::make(ErrorCode::kNotFound, "there is no such job").at(std::string(id)));
  }
  return fail(Error::make(ErrorCode::kConflict, fmt::format("the job is {}", statement.text(0)))
                  .at(std::string(id)));
}

}  // namespace

std::string_view job_state_name(JobState state) {
  return kStateNames[static_cast<std::size_t>(state)];
}

Result<void> Jobs::start(const Job& job) {
  return core_.write([&](Database& database) -> Result<void> {
    Statement statement = TRY(database.prepare(
        "INSERT INTO jobs(id, kind, state, started, finished, paths, counters, report)"
        " VALUES(?, ?, 'running', ?, NULL, ?, ?, ?)"));
    return statement.bind(job.id)
        .bind(job.kind)
        .bind(job.started)
        .bind(texts_to_json(job.paths))
        .bind(job.counters)
        .bind(job.report)
        .run();
  });
}

Result<void> Jobs::set_counters(std::string_view id, std::string_view counters) {
  return core_.write([&](Database& database) -> Result<void> {
    Statement statement =
        TRY(database.prepare("UPDATE jobs SET counters = ? WHERE id = ? AND state = 'running'"));
    TRY_VOID(statement.bind(counters).bind(id).run());
    return check_changed(database, id);
  });
}

Result<void> Jobs::finish(std::string_view id, JobState state, Ticks finished,
                          std::string_view counters, std::string_view report) {
  if (state != JobState::kDone && state != JobState::kFailed) {
    return fail(ErrorCode::kInternal, "a job ends as done or failed");
  }
  return core_.write([&](Database& database) -> Result<void> {
    Statement statement =
        TRY(database.prepare("UPDATE jobs SET state = ?, finished = ?, counters = ?, report = ?"
                             " WHERE id = ? AND state = 'running'"));
    TRY_VOID(statement.bind(job_state_name(state))
                 .bind(finished)
                 .bind(counters)
                 .bind(report)
                 .bind(id)
                 .run());
    return check_changed(database, id);
  });
}

Result<void> Jobs::mark_purged(std::string_view id) {
  return core_.write([&](Database& database) -> Result<void> {
    Statement statement = TRY(database.prepare(
        "UPDATE jobs SET state = 'purged' WHERE id = ? AND state IN ('done', 'failed')"));
    TRY_VOID(statement.bind(id).run());
    return check_changed(database, id);
  });
}

Result<std::int64_t> Jobs::fail_running(Ticks finished, std::string_view report) {
  return core_.write([&](Database& database) -> Result<std::int64_t> {
    Statement statement = TRY(database.prepare(
        "UPDATE jobs SET state = 'failed', finished = ?, report = ? WHERE state = 'running'"));
    TRY_VOID(statement.bind(finished).bind(report).run());
    return database.changes();
  });
}

Result<std::optional<Job>> Jobs::get(std::string_view id) {
  return core_.read([&](Database& database) -> Result<std::optional<Job>> {
    Statement statement =
        TRY(database.prepare("SELECT id, kind, state, started, finished, paths, counters, report "
                             "FROM jobs WHERE id = ?"));
    if (!TRY(statement.bind(id).step())) {
      return std::nullopt;
    }
    return TRY(job_of(statement));
  });
}

Result<std::vector<Job>> Jobs::newest(std::string_view kind, int limit,
                                      std::string_view before_id) {
  return core_.read([&](Database& database) -> Result<std::vector<Job>> {
    Statement statement = TRY(database.prepare(
        "SELECT id, kind, state, started, finished, paths, counters, report FROM jobs"
        " WHERE kind = ?1 AND (?2 = '' OR (started, id) <"
        " (SELECT last.started, last.id FROM jobs AS last WHERE last.id = ?2))"
        " ORDER BY started DESC, id DESC LIMIT ?3"));
    statement.bind(kind).bind(before_id).bind(std::int64_t{limit});
    std::vector<Job> jobs;
    while (TRY(statement.step())) {
      jobs.push_back(TRY(job_of(statement)));
    }
    return jobs;
  });
}

}  // namespace spoor::state
