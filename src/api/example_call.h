#pragma once
// Test support: a valid call of any operation, made from the contract.

#include <map>
#include <string>
#include <vector>

#include "api/contract.h"

namespace spoor::api {

struct ExampleCall {
  std::string method;
  std::map<std::string, std::string> path;  ///< values of the path's parameters
  std::vector<std::pair<std::string, std::string>> query;
  json::Dynamic body;  ///< of a JSON body
  std::string raw;     ///< of another body
  std::string type;    ///< of the body; empty: none

  /// Path and query as they are sent.
  [[nodiscard]] std::string target(const OperationSpec& spec) const;
  [[nodiscard]] std::string body_text() const { return body.is_null() ? raw : body.dump(); }
};

/// Values for parameters and members by name; what is not among them is made from its schema.
using KnownValues = std::map<std::string, std::string>;

/// Required parameters and members alone, or all of them.
ExampleCall example_call(const CheckedOperation& operation, const KnownValues& known,
                         bool with_optional);

}  // namespace spoor::api
