#pragma once
// A Runner over the store's client.

#include "kql/exec/executor.h"
#include "store/client.h"

namespace spoor::kql {

/// Runs statements through `client`, which must outlive the runner.
inline Runner store_runner(const store::Client& client) {
  return [&client](const EngineStatement& statement,
                   const std::function<Result<void>(std::string_view)>& sink) -> Result<void> {
    store::Query query;
    query.sql = statement.sql;
    for (const auto& parameter : statement.parameters) {
      query.parameters.push_back({parameter.name, parameter.value});
    }
    query.settings = statement.settings;
    query.query_id = statement.query_id;
    query.max_seconds = statement.seconds;
    TRY(client.query(query, sink));
    return {};
  };
}

}  // namespace spoor::kql
