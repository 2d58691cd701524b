#pragma once
// What a request to ClickHouse's HTTP interface asks for, read from its target and header fields.
// Reference: ClickHouse documentation, "HTTP Interface".

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "storeworker/gate.h"
#include "storeworker/settings.h"

namespace spoor::storeworker {

/// A value bound by `param_name=value`, in TSV escaping.
struct RequestParameter {
  std::string name;
  std::string value;
};

/// Header fields that matter, as they came; empty where absent.
struct RequestFields {
  std::string_view target;
  std::string_view user;           ///< X-ClickHouse-User
  std::string_view authorization;  ///< Authorization
  std::string_view database;       ///< X-ClickHouse-Database
  std::string_view format;         ///< X-ClickHouse-Format
};

struct Request {
  std::string path;  ///< without the query string
  std::string query;
  std::string database;
  std::string query_id;
  std::string default_format;
  Access access = Access::kOwner;
  std::vector<RequestParameter> parameters;
  Settings settings;
};

/// Errors: kUnsupported (a setting), kInvalidInput (malformed target), kConflict (unknown user).
Result<Request> read_request(const RequestFields& fields);

/// A new id for a request that names none.
std::string new_query_id();

}  // namespace spoor::storeworker
