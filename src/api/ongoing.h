#pragma once
// What goes on between requests: running queries, and who follows an import. The composition makes
// one and keeps it as long as the server runs.

#include "api/import_followers.h"
#include "api/running_queries.h"

namespace spoor::api {

struct Ongoing {
  RunningQueries queries;
  ImportFollowers followers;
};

}  // namespace spoor::api
