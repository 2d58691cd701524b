#pragma once
// How failures leave the server: one shape, and one table from our errors to statuses.

#include <string>
#include <string_view>

#include "base/result.h"
#include "http/message.h"

namespace spoor::api {

/// HTTP status of a code.
int error_status(ErrorCode code);

/// The error with the parameter or member of the body that it is about; only such a place is shown
/// to clients, since other places are paths of this machine.
Error in_field(Error error, std::string_view field);

/// {"error":{"code","message","hint","request_id","where"?}}. Of faults of ours (500) nothing is
/// told but the id of the request.
std::string error_body(const Error& error, std::string_view request_id);
/// The same for what the HTTP server refuses by itself: give it to http::ServerOptions::error_body.
std::string http_error_body(int status, std::string_view code, std::string_view message,
                            std::string_view request_id);

/// The answer to a failed request. `retry_after_seconds` > 0 adds Retry-After; busy answers have
/// one anyway.
http::Response error_response(const Error& error, std::string_view request_id,
                              int retry_after_seconds = 0);

}  // namespace spoor::api
