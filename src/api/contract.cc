#include "api/contract.h"

#include <algorithm>

#include "base/text.h"

namespace spoor::api {
namespace {

Result<std::vector<CheckedContent>> compile(SchemaSet& schemas,
                                            std::span<const ContentSpec> contents) {
  std::vector<CheckedContent> checked;
  for (const ContentSpec& content : contents) {
    checked.push_back({&content, TRY(schemas.add(content.schema))});
  }
  return checked;
}

const CheckedContent* find(const std::vector<CheckedContent>& contents, int status,
                           std::string_view media_type) {
  const auto found = std::ranges::find_if(contents, [&](const CheckedContent& content) {
    return content.spec->status == status && content.spec->media_type == media_type;
  });
  return found == contents.end() ? nullptr : &*found;
}

}  // namespace

const CheckedContent* CheckedOperation::find_body(std::string_view media_type) const {
  return find(bodies, 0, media_type);
}

const CheckedContent* CheckedOperation::find_answer(int status, std::string_view media_type) const {
  return find(answers, status, media_type);
}

Result<std::unique_ptr<const Contract>> Contract::load() {
  std::unique_ptr<Contract> contract(new Contract);
  contract->schemas_ = TRY(SchemaSet::compile(component_schemas()));
  for (const OperationSpec& spec : api::operations()) {
    CheckedOperation operation;
    operation.spec = &spec;
    for (const ParameterSpec& parameter : spec.parameters) {
      operation.parameters.push_back({&parameter, TRY(contract->schemas_->add(parameter.schema))});
    }
    operation.bodies = TRY(compile(*contract->schemas_, spec.bodies));
    operation.answers = TRY(compile(*contract->schemas_, spec.answers));
    contract->operations_.push_back(std::move(operation));
  }
  return contract;
}

std::string media_type_of(std::string_view content_type) {
  return to_ascii_lower(trim_blanks(content_type.substr(0, content_type.find(';'))));
}

}  // namespace spoor::api
