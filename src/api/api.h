#pragma once
// The API as routes of an HTTP server. Every request goes the same way: who calls → may they → do
// the arguments fit the contract → handler → answer, errors and audit in one place.

#include "api/services.h"
#include "base/result.h"
#include "http/router.h"

namespace spoor::api {

/// Adds a route for each operation of the contract. `services` and what it refers to must outlive
/// the router. kInternal where an operation has no handler or a handler no operation. The server
/// should be given api::http_error_body (errors.h), so that what it refuses by itself has the same
/// shape.
Result<void> add_routes(http::Router& router, const Services& services);

}  // namespace spoor::api
