#pragma once
// Commands done by the server that owns the data folder, with the same results as if the command
// had opened the folder itself.

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/local_server.h"
#include "kql/exec/executor.h"
#include "kql/kql.h"
#include "pipeline/import.h"

namespace spoor::cli {

/// Uploads the files below the paths and has them imported. The server is told names, and opens
/// none of them.
Result<pipeline::ImportReport> import_by_server(
    LocalServer& server, const std::vector<std::string>& paths,
    const std::function<void(const pipeline::ImportProgress&)>& on_progress);

/// Runs a hunting query.
Result<kql::QueryResult> query_by_server(LocalServer& server, std::string_view text,
                                         std::uint64_t max_rows, std::vector<kql::Row>& rows);

}  // namespace spoor::cli
