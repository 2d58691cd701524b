#include "api/example_call.h"

#include <gtest/gtest.h>

#include "http/message.h"

namespace spoor::api {
namespace {

using json::Dynamic;

Dynamic example_value(const JsonSchema& reference, const std::string& name,
                      const KnownValues& known, bool with_optional) {
  const JsonSchema& schema = reference.resolved();
  if (const auto found = known.find(name);
      found != known.end() && (schema.kinds & kStringKind) != 0) {
    return Dynamic(found->second);
  }
  if (schema.fallback) {
    return *schema.fallback;
  }
  if ((schema.kinds & kObjectKind) != 0) {
    Dynamic::Object members;
    for (const auto& property : schema.properties) {
      if (property.is_required || with_optional) {
        members.push_back(
            {property.name, example_value(*property.schema, property.name, known, with_optional)});
      }
    }
    return Dynamic(std::move(members));
  }
  if ((schema.kinds & kArrayKind) != 0) {
    Dynamic::Array list;
    if (schema.least.value_or(0) > 0 || with_optional) {
      list.push_back(example_value(*schema.items, name, known, with_optional));
    }
    return Dynamic(std::move(list));
  }
  if ((schema.kinds & (kIntegerKind | kNumberKind)) != 0) {
    return Dynamic(schema.minimum.value_or(0));
  }
  if ((schema.kinds & kBooleanKind) != 0) {
    return Dynamic(false);
  }
  return Dynamic(schema.choices.empty() ? std::string("example") : schema.choices[0]);
}

std::string parameter_text(const Dynamic& value) {
  if (const auto* list = value.as_array()) {
    std::string text;
    for (const Dynamic& element : *list) {
      text += (text.empty() ? "" : ",") + std::string(element.text_or(""));
    }
    return text;
  }
  return value.as_string() != nullptr ? *value.as_string() : value.dump();
}

}  // namespace

std::string ExampleCall::target(const OperationSpec& spec) const {
  std::string text(spec.path);
  for (const auto& [name, value] : path) {
    const std::string mark = "{" + name + "}";
    text.replace(text.find(mark), mark.size(), http::percent_encode(value));
  }
  char before = '?';
  for (const auto& [name, value] : query) {
    text +=
        std::exchange(before, '&') + http::percent_encode(name) + "=" + http::percent_encode(value);
  }
  return text;
}

ExampleCall example_call(const CheckedOperation& operation, const KnownValues& known,
                         bool with_optional) {
  ExampleCall call;
  call.method = http::method_name(operation.spec->method);
  for (const CheckedParameter& parameter : operation.parameters) {
    const std::string name(parameter.spec->name);
    const auto text = [&] {
      return parameter_text(example_value(*parameter.schema, name, known, with_optional));
    };
    if (parameter.spec->in_path) {
      call.path[name] = text();
    } else if ((parameter.spec->is_required || with_optional) && name != "cursor") {
      call.query.emplace_back(name, text());
    }
  }
  if (!operation.bodies.empty()) {
    const CheckedContent& body = operation.bodies.front();
    call.type = body.spec->media_type;
    if (call.type == "application/json") {
      call.body = example_value(*body.schema, "body", known, with_optional);
    } else {
      call.raw = "example";
    }
  }
  return call;
}

TEST(ExampleCall, IsAsTheContractWantsIt) {
  const auto contract = Contract::load();
  ASSERT_TRUE(contract) << contract.error().to_string();
  const CheckedOperation& query = (**contract)[OperationId::kRunQuery];
  EXPECT_EQ(example_call(query, {{"query", "print 1"}}, false).body.dump(),
            R"({"query":"print 1"})");
  const CheckedOperation& event = (**contract)[OperationId::kGetEvent];
  EXPECT_EQ(
      example_call(event, {{"device_id", "d"}, {"event_id", "7"}, {"time", "2026-01-01"}}, true)
          .target(*event.spec),
      "/api/devices/d/events/7?time=2026-01-01");
}

}  // namespace spoor::api
