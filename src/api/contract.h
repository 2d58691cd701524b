#pragma once
// The contract, compiled: what each operation takes and gives, ready to be checked.

#include <memory>
#include <string_view>
#include <vector>

#include "api/gen/operations.h"
#include "api/json_schema.h"
#include "base/result.h"

namespace spoor::api {

struct CheckedParameter {
  const ParameterSpec* spec = nullptr;
  const JsonSchema* schema = nullptr;
};

struct CheckedContent {
  const ContentSpec* spec = nullptr;
  const JsonSchema* schema = nullptr;
};

struct CheckedOperation {
  const OperationSpec* spec = nullptr;
  std::vector<CheckedParameter> parameters;
  std::vector<CheckedContent> bodies;
  std::vector<CheckedContent> answers;

  /// The body of that media type; null where the operation takes none such.
  [[nodiscard]] const CheckedContent* find_body(std::string_view media_type) const;
  /// The answer of that status and media type (empty: without a body); null where none is declared.
  [[nodiscard]] const CheckedContent* find_answer(int status, std::string_view media_type) const;
};

/// Immutable and thread-safe once loaded.
class Contract {
 public:
  /// Compiles all schemas; fails only where the generated contract is wrong.
  static Result<std::unique_ptr<const Contract>> load();

  [[nodiscard]] const CheckedOperation& operator[](OperationId id) const {
    return operations_[static_cast<std::size_t>(id)];
  }
  [[nodiscard]] const std::vector<CheckedOperation>& operations() const { return operations_; }
  [[nodiscard]] const SchemaSet& schemas() const { return *schemas_; }

 private:
  Contract() = default;
  std::unique_ptr<SchemaSet> schemas_;
  std::vector<CheckedOperation> operations_;
};

/// "application/json" of "application/json; charset=utf-8", in lower case.
std::string media_type_of(std::string_view content_type);

}  // namespace spoor::api
