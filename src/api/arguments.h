#pragma once
// Reads a request against the contract. Internal to the module.

#include "api/call.h"
#include "api/contract.h"
#include "base/result.h"
#include "http/exchange.h"

namespace spoor::api {

/// Parameters of path and query, with defaults. kInvalidInput with the parameter's name for one
/// that is unknown, given twice, missing or against its schema.
Result<Call::Arguments> read_arguments(const CheckedOperation& operation,
                                       const http::Exchange& exchange);

/// Whether the body is of a media type that the operation takes; such a failure is answered with
/// 415.
bool has_accepted_type(const CheckedOperation& operation, const http::Request& request);

/// The JSON body, checked, with defaults; null for other media types. kInvalidInput with a JSON
/// pointer, or line and column.
Result<json::Dynamic> read_body(const CheckedOperation& operation, const http::Request& request);

}  // namespace spoor::api
